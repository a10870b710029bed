"""What a clerk writes, reads and signs of a contract: the skeleton, the sheet, and what changed between versions."""
