"""Error rates of words, speakers and turns: functions that compute them, and values that can be added."""
