"""Flows: what people live through, from the first word to the closed record."""
