"""The contract's arithmetic: everything that can be decided without asking the time, the database or the network."""
