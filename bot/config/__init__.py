"""What is configured: read once, judged in one go, frozen, and passed on."""
