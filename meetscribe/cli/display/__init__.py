"""What the command line shows: progress, messages and tables."""
