"""Updates of the Bot API as they come in, down to what the database holds afterwards."""
