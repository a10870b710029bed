"""The sandbox behaves as the Bot API does."""
