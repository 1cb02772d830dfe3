"""One module per speech recognition engine, and what several of them share."""
