"""Clustering of voiceprints: agglomerative or by pyannote.audio, in blocks, with optional bounds of the count."""
