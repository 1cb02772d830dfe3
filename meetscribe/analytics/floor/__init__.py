"""Who has the floor: units, turns, backchannels, changes of speaker and interruptions."""
