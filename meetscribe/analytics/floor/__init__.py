"""Turn-taking: units, turns, backchannels, changes of speaker and interruptions."""
