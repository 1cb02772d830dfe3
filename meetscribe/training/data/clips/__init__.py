"""Clips: selecting the usable words of a meeting, cutting between them, and writing the audio files."""
