"""The engine of the bot: its loops, its clocks and its way to the Bot API, against the real sandbox."""
