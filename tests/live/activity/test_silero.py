"""The streaming network gives what the batch computation gives, and finds quiet speech."""

from __future__ import annotations

import numpy as np
import pytest

from meetscribe.audio import load_audio
from meetscribe.live.activity import FRAME, StreamingSilero
from meetscribe.vad.silero import score_speech
from tests.support.readmes import SAMPLES


@pytest.fixture(scope="module")
def samples() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return load_audio(SAMPLES / "standup.flac").samples[: 400 * FRAME]


def probabilities(
    samples: np.ndarray[tuple[int], np.dtype[np.float32]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    network = StreamingSilero()
    return np.array([network(samples[start : start + FRAME]) for start in range(0, len(samples) - FRAME + 1, FRAME)])


def test_streaming_equals_batch(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    """The state is carried from frame to frame, so the probabilities are those of the whole recording."""
    audio = load_audio(SAMPLES / "standup.flac")
    batch = score_speech(audio).probability[: len(samples) // FRAME]
    assert np.abs(probabilities(samples) - batch).max() < 0.05


def test_quiet_speech_is_found(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> None:
    """At a hundredth of the amplitude, half of the frames with speech are still found, as the channel is amplified."""
    speech = probabilities(samples) >= 0.5
    quiet = probabilities(np.concatenate([np.zeros(32_000, np.float32), samples / 100]))[62:] >= 0.5
    assert quiet[: len(speech)][speech[: len(quiet)]].mean() > 0.5


def test_silence_and_noise_are_no_speech() -> None:
    """Zeros, white noise and a tone are not taken for speech."""
    times = np.arange(FRAME * 100) / 16_000
    noise = np.random.default_rng(1).normal(0, 0.1, FRAME * 100).astype(np.float32)
    tone = (0.3 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    for signal in (np.zeros(FRAME * 100, np.float32), noise, tone):
        assert (probabilities(signal) >= 0.4).mean() < 0.03
