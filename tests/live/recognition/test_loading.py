"""The recogniser of the settings loads, warms up, and invents nothing in silence, noise and music."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from meetscribe import load_settings
from meetscribe.live import LiveTranscript
from meetscribe.live.recognition import LiveRecogniser, load_recogniser
from meetscribe.live.settings import live_settings
from meetscribe.live.simulation import simulate
from tests.support.readmes import SAMPLES
from tests.support.real_weights import real_weights

SETTINGS = load_settings(SAMPLES / "offline.toml", {"diarization.enabled": False, "alignment.enabled": False})
SECONDS = 12
TIMES = np.arange(SECONDS * 16_000) / 16_000


REAL = "whisper-tiny.en"


@pytest.fixture(scope="module", params=["samples", REAL])
def recogniser(request: pytest.FixtureRequest) -> LiveRecogniser:
    """Return the weights of the samples, which invent words readily, and real ones, where they are present."""
    settings = SETTINGS
    if request.param == REAL:
        settings = replace(settings, asr=replace(settings.asr, model=str(real_weights(REAL))))
    loaded = load_recogniser(settings)
    loaded.warm_up()
    return loaded


def music() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return chords of five partials that change every half second, with attacks."""
    roots = np.repeat([220, 262, 330, 294], 8000).astype(float)
    root = np.tile(roots, len(TIMES) // len(roots) + 1)[: len(TIMES)]
    chord = sum(np.sin(2 * np.pi * root * ratio * TIMES) / n for n, ratio in enumerate([1, 1.25, 1.5, 2, 3], start=1))
    return np.asarray(0.15 * chord * np.exp(-4 * (TIMES % 0.5)))


@pytest.mark.parametrize(
    "signal",
    [
        np.zeros(len(TIMES)),
        np.random.default_rng(0).normal(0, 0.05, len(TIMES)),
        np.random.default_rng(0).normal(0, 0.3, len(TIMES)) * (TIMES % 1 < 0.3),
        0.3 * np.sin(2 * np.pi * 1000 * TIMES) * (TIMES % 1 < 0.5),
        music(),
    ],
    ids=["silence", "noise", "bursts", "tones", "music"],
)
def test_nothing_is_committed_without_speech(
    recogniser: LiveRecogniser, signal: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> None:
    found = simulate(signal.astype(np.float32), recogniser, live_settings(SETTINGS))
    assert LiveTranscript().apply_all(emission.event for emission in found).words == ()
