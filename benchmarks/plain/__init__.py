"""The plain way: the bot that the documentation of python-telegram-bot and APScheduler leads to."""
