"""The correction vocabulary: words that are recognised wrongly again and again, and what they should be."""
