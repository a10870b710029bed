"""The desk on a real database: who may do what, what is said, and to whom."""
