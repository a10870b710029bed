"""A lean Bot API server in a process of its own: it answers fast, and notes when it took what."""
