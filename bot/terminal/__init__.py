"""The commands of the `hotline` program, and the words they answer with."""
