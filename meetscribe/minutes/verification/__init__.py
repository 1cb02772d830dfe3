"""Verify that each item of minutes was said, and that its quotes support it."""
