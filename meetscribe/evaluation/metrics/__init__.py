"""Error rates of words, speakers and turns, as functions and as values that can be added."""
