"""The progress of a run: its events, and the log that keeps them."""
