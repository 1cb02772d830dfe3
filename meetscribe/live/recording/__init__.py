"""The recording of a live session: a crash-safe folder with audio, events and state."""
