"""Clustering of voiceprints: agglomerative, by pyannote.audio, in blocks, and for a known number of speakers."""
