"""Output destinations: file names, overwriting, and corrections carried over to a new run."""
