"""The program as its operator meets it."""
