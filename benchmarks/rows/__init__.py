"""One module for each row of the table, or for a family of rows that are measured together."""
