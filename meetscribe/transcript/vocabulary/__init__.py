"""The correction vocabulary: words that are often misrecognised, and their corrections."""
