"""Analysis of words: lexicons of the languages, terms, keywords and topics."""
