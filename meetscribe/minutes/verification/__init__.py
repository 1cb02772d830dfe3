"""The verifier: whether each item of any minutes was said, and whether its quotes support it."""
