"""The loops of a running hotline: intake, worker, ticker, courier, fetcher, and their composition."""
