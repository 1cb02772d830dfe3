"""How well the speakers of a meeting are recognised by their voiceprints, on real voices."""
