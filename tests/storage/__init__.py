"""The database, on both kinds of database."""
