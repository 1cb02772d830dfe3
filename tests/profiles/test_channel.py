"""Telephones and codecs of low bit rates are told from full sound by the spectrum."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.profiles.channel import channel_kind, channel_of
from meetscribe.timeline import Span


def speechlike(cutoff: float | None = None) -> np.ndarray:
    """Return 5 s of noise whose loudness changes as in speech, without the sound above `cutoff` Hz."""
    random = np.random.default_rng(0)
    samples = random.standard_normal(5 * SAMPLE_RATE) * (1 + np.sin(np.arange(5 * SAMPLE_RATE) / 2000)) * 0.05
    if cutoff is not None:
        samples = sosfilt(butter(12, cutoff, fs=SAMPLE_RATE, output="sos"), samples)
    return np.asarray(samples, np.float32)


@pytest.mark.parametrize(
    ("cutoff", "kind"), [(None, "wideband"), (7500, "wideband"), (5000, "narrowband"), (3400, "narrowband")]
)
def test_the_band_decides(cutoff: float | None, kind: str) -> None:
    """Sound that ends at 3.4 or 5 kHz is narrowband."""
    assert channel_kind(speechlike(cutoff)) == kind


def test_only_the_speech_counts() -> None:
    """What lies outside of the spans has no effect."""
    samples = np.concatenate([speechlike(3400), speechlike()])
    audio = Audio(samples, "both", "")
    assert channel_of(audio, [Span(0, 5)]) == "narrowband" and channel_of(audio, [Span(5.1, 10)]) == "wideband"


def test_silence_has_a_channel() -> None:
    """Too few samples, or none, are wideband, and nothing fails."""
    assert channel_kind(np.zeros(0, np.float32)) == "wideband"
