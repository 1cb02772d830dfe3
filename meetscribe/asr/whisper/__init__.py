"""What every Whisper model has in common, whichever library runs it."""
