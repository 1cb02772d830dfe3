"""Verify that each item of minutes was said and is supported by its quotes."""
