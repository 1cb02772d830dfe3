"""Words as terms: lexicons of the languages, keywords and topics."""
