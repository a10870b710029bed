"""The labelled messages, and the test that keeps their form."""
