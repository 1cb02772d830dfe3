"""Harder recordings, assembled from real ones: meetings with pauses, overlap, rooms, noise and telephone codecs."""
