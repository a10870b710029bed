"""Tests of the measuring instrument: that it measures what it says, not how fast anything is."""
