"""Text without times: sentences, splitting and joining of words, names of languages, white space, JSON values."""
