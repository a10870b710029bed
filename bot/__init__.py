"""The program: commands, settings, and what ties the other rooms together."""
