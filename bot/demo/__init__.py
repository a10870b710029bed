"""The demo: a stage, a story, and the timeline that people read."""
