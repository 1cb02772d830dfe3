"""Output files: names, overwriting, and transferring corrections to a new run."""
