"""A local Telegram Bot API server with scripted phones, to show, drill and test the hotline offline."""
