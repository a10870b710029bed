"""What a clerk writes, reads and signs of a contract."""
