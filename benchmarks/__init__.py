"""The measuring instrument: the figures that the hotline has to reach, and what stands beside each of them."""
