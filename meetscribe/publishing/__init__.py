"""Output destinations: file names, overwriting, and carrying corrections over to a new run."""
