"""The activity of speakers in frames becomes turns, exclusive turns and voiceprints."""

from __future__ import annotations

import numpy as np
import pytest

from meetscribe.diarization import DiarizationSettings
from meetscribe.diarization.output import to_diarization
from meetscribe.diarization.reconstruction import Activity
from meetscribe.diarization.windows import Grid
from meetscribe.timeline import Diarization, Turn
from tests.support.notices import texts_of

TENTHS = Grid(0.5, 0.1, 0.0)
Spans = tuple[tuple[float, float, int], ...]


def frames(spans: Spans) -> np.ndarray:  # type: ignore[type-arg]
    """Return the activity of speakers, named by numbers, in frames of a tenth of a second."""
    active = np.zeros((110, 3), np.bool_)
    for start, end, speaker in spans:
        active[round(start * 10) : round(end * 10), speaker] = True
    return active


def output(*spans: tuple[float, float, int], voiceprints: object = None, **settings: object) -> Diarization:
    vectors = np.eye(3, dtype=np.float32) if voiceprints is None else np.asarray(voiceprints, np.float32)
    activity = Activity(TENTHS, frames(spans), frames(spans))
    return to_diarization(activity, vectors, 10.0, DiarizationSettings(**settings), "embedder-1")  # type: ignore[arg-type]


def test_speakers_are_named_by_first_appearance() -> None:
    found = output((4.0, 5.0, 0), (0.0, 2.0, 1), (1.0, 3.0, 2))
    assert [(turn.start, turn.speaker) for turn in found.turns] == [
        (0.0, "SPEAKER_00"),
        (1.0, "SPEAKER_01"),
        (4.0, "SPEAKER_02"),
    ]
    assert {name: vector.tolist() for name, vector in found.voiceprints.items()} == {
        "SPEAKER_02": [1, 0, 0],
        "SPEAKER_00": [0, 1, 0],
        "SPEAKER_01": [0, 0, 1],
    }
    assert found.embedder == "embedder-1"


def test_voiceprints_of_zeros_or_nan_are_dropped() -> None:
    found = output((0.0, 1.0, 0), (1.0, 2.0, 1), (2.0, 3.0, 2), voiceprints=[[0.0, 0.0], [np.nan, 1.0], [0.5, 0.5]])
    assert list(found.voiceprints) == ["SPEAKER_02"]
    assert found.voiceprints["SPEAKER_02"].dtype == np.float32
    without = output((0.0, 1.0, 0), voiceprints=np.zeros((0, 2)))
    assert (without.voiceprints, without.embedder) == ({}, None)


def test_turns_are_limited_to_the_recording() -> None:
    found = output((0.0, 1.0, 0), (9.5, 10.3, 0), (10.0, 10.5, 1))
    assert found.turns == (Turn(0, 1, "SPEAKER_00"), Turn(9.5, 10, "SPEAKER_00"))


def test_short_pauses_are_filled_in_exclusive_turns_only_without_other_speakers() -> None:
    spans = ((0.0, 2.0, 0), (2.0, 2.4, 1), (2.4, 4.0, 0), (4.3, 5.0, 0), (5.5, 6.0, 0))
    found = output(*spans)
    a, b = "SPEAKER_00", "SPEAKER_01"
    assert found.turns == (Turn(0, 5, a), Turn(2, 2.4, b), Turn(5.5, 6, a))
    assert found.exclusive == (Turn(0, 2, a), Turn(2, 2.4, b), Turn(2.4, 5, a), Turn(5.5, 6, a))
    unfilled = output(*spans, min_duration_off=0.0)
    assert [turn.end for turn in unfilled.exclusive] == [2.0, 2.4, 4.0, 5.0, 6.0]


@pytest.mark.parametrize(
    ("settings", "requested"),
    [
        ({"speakers": 3}, "3 speakers were"),
        ({"min_speakers": 3}, "at least 3 speakers were"),
        ({"max_speakers": 1}, "at most 1 speaker was"),
        ({"min_speakers": 3, "max_speakers": 4}, "3 to 4 speakers were"),
        ({"min_speakers": 3, "max_speakers": 3}, "3 speakers were"),
    ],
)
def test_a_number_of_speakers_that_was_not_found_gives_a_notice(settings: dict[str, int], requested: str) -> None:
    found = output((0.0, 1.0, 0), (1.0, 2.0, 1), **settings)
    assert texts_of(found.notices) == (f"{requested} requested, but 2 were found",)


@pytest.mark.parametrize("settings", [{}, {"speakers": 2}, {"min_speakers": 2}, {"min_speakers": 1, "max_speakers": 2}])
def test_the_requested_number_of_speakers_gives_no_notice(settings: dict[str, int]) -> None:
    assert output((0.0, 1.0, 0), (1.0, 2.0, 1), **settings).notices == ()
