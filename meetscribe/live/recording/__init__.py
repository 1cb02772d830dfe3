"""The recording of a live session: a folder with audio, events and state, which survives a crash."""
