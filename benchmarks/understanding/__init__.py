"""How well messages are understood: `python -m benchmarks.understanding`."""
