"""Voiceprints and profiles with chosen similarities, for tests of their comparison."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from meetscribe.profiles.calibration import Calibration, Thresholds
from meetscribe.profiles.values import Channel, Consent, EmbeddingSpace, Profile, Source, Vector, Voiceprint

SPACE = EmbeddingSpace("test-4", "0123456789abcdef")
SOURCE = Source("meeting.json", "SPEAKER_00")
LIMITS = Thresholds(named=0.8, named_margin=0.2, suggested=0.5, suggested_margin=0.1)
NARROW = Thresholds(named=0.9, named_margin=0.3, suggested=0.7, suggested_margin=0.15)
CALIBRATION = Calibration(
    SPACE.preprocessing, {"wideband": LIMITS, "narrowband": NARROW}, 0.4, "invented for the tests"
)


def vector(*values: float) -> Vector:
    """Return a unit vector `(4,)` that begins with these values; the rest of its length is in the last one."""
    first = np.array([*values, *[0.0] * (3 - len(values))], np.float64)
    return np.array([*first, np.sqrt(max(0.0, 1 - (first**2).sum()))], np.float32)


def voiceprint(
    *values: float,
    space: EmbeddingSpace = SPACE,
    channel: Channel = "wideband",
    seconds: float = 30.0,
    source: Source = SOURCE,
    made: str = "2026-11-02T09:00:00+00:00",
) -> Voiceprint:
    """Return a voiceprint with a vector that begins with these values."""
    return Voiceprint(vector(*values), space, channel, seconds, made, source)


def consent(name: str) -> Consent:
    """Return a person's consent."""
    return Consent(name, "recognise my voice in our meetings", name, "2026-11-01")


def profile(name: str, *voiceprints: Voiceprint | Sequence[float]) -> Profile:
    """Return a person with voiceprints, given as values or as the first values of their vectors."""
    own = [each if isinstance(each, Voiceprint) else voiceprint(*each) for each in voiceprints]
    return Profile(name, consent(name), tuple(own))
