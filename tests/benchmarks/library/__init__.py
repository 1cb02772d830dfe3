"""Benchmarks of the library: speed, recall, and several processes."""
