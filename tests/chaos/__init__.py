"""The running hotline under attack: killed, starved, cut off, misled; and what has to hold afterwards."""
