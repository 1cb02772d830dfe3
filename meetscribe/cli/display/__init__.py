"""Output on the terminal: progress, messages and tables."""
