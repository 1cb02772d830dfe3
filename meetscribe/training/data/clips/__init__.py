"""Clips: which words of a meeting can be used, where to cut between them, and the files of the sound."""
