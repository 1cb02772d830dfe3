"""Decoding of containers as their bytes arrive, in a separate process with limits."""
