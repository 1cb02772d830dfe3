"""Replay of edits: words, labels of speakers, and turns."""
