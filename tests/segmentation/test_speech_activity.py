"""Voices are heard where they are in the truth, wherever the recording is read in pieces."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.formats.rttm import read_rttm
from meetscribe.segmentation import active_runs, detect_speech_activity, speech_activity
from meetscribe.timeline import Span, total, union

SAMPLES = Path(__file__).parents[2] / "samples"
TIME = np.arange(60 * SAMPLE_RATE) / SAMPLE_RATE
NOBODY: dict[str, npt.NDArray[np.float64]] = {
    "silence": np.zeros(len(TIME)),
    "noise": 0.1 * np.random.default_rng(0).standard_normal(len(TIME)),
    "tone": 0.3 * np.sin(2 * np.pi * 440 * TIME),
    "chord": 0.1 * np.sin(2 * np.pi * TIME[:, None] * (220, 277, 330)).sum(axis=1),
    "beeps": 0.3 * np.sin(2 * np.pi * 1000 * TIME) * (TIME % 2 < 0.5),
}


def made(samples: npt.NDArray[np.floating]) -> Audio:
    """Samples as a recording."""
    return Audio(samples.astype(np.float32), "made", "sha256:0")


@pytest.mark.parametrize("name", ["planning", "interview", "standup"])
def test_voices_are_heard_where_they_are(name: str) -> None:
    """Of the samples at most 5 % of the speech is missed, and as much heard where nobody speaks."""
    turns = read_rttm((SAMPLES / f"{name}.rttm").read_bytes(), f"{name}.rttm")
    truth = union(turn.span for turn in turns)
    done: list[float] = []
    found = detect_speech_activity(load_audio(SAMPLES / f"{name}.flac"), done.append)
    both = total([*found, *truth])
    assert both - total(found) < 0.03 * total(truth)
    assert both - total(truth) < 0.07 * total(truth)
    assert all(before.end < after.start for before, after in pairwise(found))
    assert done == sorted(done)
    assert done[-1] == 1.0


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_is_heard_in_a_minute_of_something_else(name: str) -> None:
    """Neither silence nor noise nor tones are voices; the onset of a chord may sound like one."""
    assert total(detect_speech_activity(made(NOBODY[name]))) < (2.0 if name == "chord" else 0.001)


@pytest.mark.parametrize("frames", [0, 1, 5 * SAMPLE_RATE, speech_activity._HALF * speech_activity._STEP])
def test_the_shortest_recordings(frames: int) -> None:
    """A recording of hardly a sample is no trouble."""
    assert detect_speech_activity(made(np.zeros(frames))) == ()


def test_a_voice_is_heard_to_the_end_of_the_recording() -> None:
    """A recording that breaks off in speech has a voice up to its end and no further."""
    audio = load_audio(SAMPLES / "standup.flac")
    first = detect_speech_activity(audio)[0]
    middle = (first.start + first.end) / 2
    found = detect_speech_activity(made(audio.slice(Span(0, middle))))
    assert found[-1].end == pytest.approx(middle, abs=0.03)
    assert found[-1].end <= middle


def test_batches_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many windows are computed at once does not change what is heard."""
    audio = load_audio(SAMPLES / "standup.flac")
    usual = detect_speech_activity(audio)
    monkeypatch.setattr(speech_activity, "_BATCH", 3)
    assert detect_speech_activity(audio) == usual


@given(st.lists(st.sampled_from([0.0, 0.2, 0.4, 0.6]), max_size=30))
def test_runs_are_those_of_the_slow_way(scores: list[float]) -> None:
    """A run is what lies above the lower threshold, if it rises above the higher one."""
    runs: list[tuple[int, int]] = []
    frame = 0
    while frame < len(scores):
        last = frame
        while last < len(scores) and scores[last] > 0.3:
            last += 1
        if any(score > 0.5 for score in scores[frame:last]):
            runs.append((frame, last))
        frame = max(last, frame + 1)
    assert active_runs(np.array(scores, np.float32), 0.5, 0.3) == runs
