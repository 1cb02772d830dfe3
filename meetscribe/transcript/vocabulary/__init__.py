"""The correction vocabulary: words that are often recognised wrongly, and their corrections."""
