"""Speech activity agrees with the reference, and does not depend on batches."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.formats.rttm import read_rttm
from meetscribe.segmentation import detect_speech_activity
from meetscribe.timeline import Span, total, union

SAMPLES = Path(__file__).parents[2] / "samples"
TIME = np.arange(60 * SAMPLE_RATE) / SAMPLE_RATE
NO_SPEECH: dict[str, npt.NDArray[np.float64]] = {
    "silence": np.zeros(len(TIME)),
    "noise": 0.1 * np.random.default_rng(0).standard_normal(len(TIME)),
    "tone": 0.3 * np.sin(2 * np.pi * 440 * TIME),
    "chord": 0.1 * np.sin(2 * np.pi * TIME[:, None] * (220, 277, 330)).sum(axis=1),
    "beeps": 0.3 * np.sin(2 * np.pi * 1000 * TIME) * (TIME % 2 < 0.5),
}


def recording(samples: npt.NDArray[np.floating]) -> Audio:
    """Return samples as a recording."""
    return Audio(samples.astype(np.float32), "made", "sha256:0")


@cache
def speech_activity(name: str) -> tuple[tuple[Span, ...], tuple[float, ...]]:
    """Return the speech in a sample, and the progress reported."""
    done: list[float] = []
    return detect_speech_activity(load_audio(SAMPLES / f"{name}.flac"), done.append), tuple(done)


@pytest.mark.parametrize("name", ["planning", "interview", "standup"])
def test_the_speech_activity_of_the_samples(name: str) -> None:
    """At most 3 % of the speech is missed, and at most 7 % of other time detected as speech."""
    turns = read_rttm((SAMPLES / f"{name}.rttm").read_bytes(), f"{name}.rttm")
    truth = union(turn.span for turn in turns)
    found, done = speech_activity(name)
    both = total([*found, *truth])
    assert both - total(found) < 0.03 * total(truth)
    assert both - total(truth) < 0.07 * total(truth)
    assert all(before.end < after.start for before, after in pairwise(found))
    assert list(done) == sorted(done)
    assert done[-1] == 1.0


@pytest.mark.parametrize("name", NO_SPEECH)
def test_silence_noise_and_tones_are_not_speech(name: str) -> None:
    """Only the onset of a chord may be detected as speech."""
    assert total(detect_speech_activity(recording(NO_SPEECH[name]))) < (2.0 if name == "chord" else 0.001)


@pytest.mark.parametrize("frames", [0, 1, 5 * SAMPLE_RATE, 146 * 270])
def test_the_shortest_recordings(frames: int) -> None:
    """Silent recordings of any length, down to no sample, have no speech; the last one is half a window."""
    assert detect_speech_activity(recording(np.zeros(frames))) == ()


def test_speech_is_detected_up_to_the_end_of_the_recording() -> None:
    """The last span of a recording that ends during speech ends with the recording."""
    audio = load_audio(SAMPLES / "standup.flac")
    first = speech_activity("standup")[0][0]
    middle = (first.start + first.end) / 2
    found = detect_speech_activity(recording(audio.slice(Span(0, middle))))
    assert found[-1].end == pytest.approx(middle, abs=0.03)
    assert found[-1].end <= middle


def test_the_size_of_batches_does_not_matter() -> None:
    """However many windows are computed at once, the same speech is detected."""
    audio = load_audio(SAMPLES / "standup.flac")
    assert detect_speech_activity(audio, batch_size=3) == speech_activity("standup")[0]
