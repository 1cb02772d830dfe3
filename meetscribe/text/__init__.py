"""Text without times: sentences, splitting and joining of words, languages, scripts, dates, counts, JSON values."""
