"""Text without times: sentences, splitting and joining words, names of languages."""
