"""The recogniser of the settings loads, warms up, and invents nothing in silence, noise and music."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

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
ROOT = Path(__file__).parents[3]
SECONDS = 12
TIMES = np.arange(SECONDS * 16_000) / 16_000


REAL = "whisper-tiny.en"


EXIT = f"""
import sys, time
from meetscribe import load_audio, load_settings
from meetscribe.live import Session, live_settings, load_recogniser

settings = load_settings({str(SAMPLES / "offline.toml")!r}, {{"asr.language": "en"}})

def begin():
    session = Session(load_recogniser(settings), live_settings(settings))
    session.feed(load_audio({str(SAMPLES / "standup.flac")!r}).samples[:80_000])
    time.sleep(float(sys.argv[1]))

begin()
"""


@pytest.mark.parametrize(
    "seconds", [0.1, *(pytest.param(seconds, marks=pytest.mark.long) for seconds in (0.0, 0.3, 1.0, 5.0))]
)
def test_a_process_may_end_while_a_window_is_decoded(seconds: float) -> None:
    """It ends as usual, although the model is in a thread that has not stopped."""
    command = [sys.executable, "-c", EXIT, str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


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
