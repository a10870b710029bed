"""`hotline check`: what is wrong, before it hurts."""
