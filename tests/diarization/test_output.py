"""Who talks in each frame becomes turns, exclusive turns and voiceprints."""

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
    """Frames of a tenth of a second in which a speaker, called by number, talks."""
    talking = np.zeros((110, 3), np.bool_)
    for start, end, speaker in spans:
        talking[round(start * 10) : round(end * 10), speaker] = True
    return talking


def read(*spans: tuple[float, float, int], prints: object = None, **settings: object) -> Diarization:
    vectors = np.eye(3, dtype=np.float32) if prints is None else np.asarray(prints, np.float32)
    activity = Activity(TENTHS, frames(spans), frames(spans))
    return to_diarization(activity, vectors, 10.0, DiarizationSettings(**settings), "embedder-1")  # type: ignore[arg-type]


def test_speakers_are_named_by_first_appearance() -> None:
    found = read((4.0, 5.0, 0), (0.0, 2.0, 1), (1.0, 3.0, 2))
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


def test_voiceprints_of_zeros_or_of_nothing_are_left_out() -> None:
    found = read((0.0, 1.0, 0), (1.0, 2.0, 1), (2.0, 3.0, 2), prints=[[0.0, 0.0], [np.nan, 1.0], [0.5, 0.5]])
    assert list(found.voiceprints) == ["SPEAKER_02"]
    assert found.voiceprints["SPEAKER_02"].dtype == np.float32
    without = read((0.0, 1.0, 0), prints=np.zeros((0, 2)))
    assert (without.voiceprints, without.embedder) == ({}, None)


def test_turns_are_cut_to_the_recording() -> None:
    found = read((0.0, 1.0, 0), (9.5, 10.3, 0), (10.0, 10.5, 1))
    assert found.turns == (Turn(0, 1, "SPEAKER_00"), Turn(9.5, 10, "SPEAKER_00"))


def test_short_pauses_are_filled_but_in_exclusive_turns_only_where_nobody_else_speaks() -> None:
    spans = ((0.0, 2.0, 0), (2.0, 2.4, 1), (2.4, 4.0, 0), (4.3, 5.0, 0), (5.5, 6.0, 0))
    found = read(*spans)
    a, b = "SPEAKER_00", "SPEAKER_01"
    assert found.turns == (Turn(0, 5, a), Turn(2, 2.4, b), Turn(5.5, 6, a))
    assert found.exclusive == (Turn(0, 2, a), Turn(2, 2.4, b), Turn(2.4, 5, a), Turn(5.5, 6, a))
    unfilled = read(*spans, min_duration_off=0.0)
    assert [turn.end for turn in unfilled.exclusive] == [2.0, 2.4, 4.0, 5.0, 6.0]


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({"speakers": 3}, "3"),
        ({"min_speakers": 3}, "at least 3"),
        ({"max_speakers": 1}, "at most 1"),
        ({"min_speakers": 3, "max_speakers": 4}, "3 to 4"),
        ({"min_speakers": 3, "max_speakers": 3}, "3"),
    ],
)
def test_a_number_of_speakers_not_found_is_said(settings: dict[str, int], asked: str) -> None:
    found = read((0.0, 1.0, 0), (1.0, 2.0, 1), **settings)
    assert texts_of(found.notices) == (f"{asked} speakers were asked for, but 2 were found",)


@pytest.mark.parametrize("settings", [{}, {"speakers": 2}, {"min_speakers": 2}, {"min_speakers": 1, "max_speakers": 2}])
def test_a_number_of_speakers_as_asked_for_is_no_news(settings: dict[str, int]) -> None:
    assert read((0.0, 1.0, 0), (1.0, 2.0, 1), **settings).notices == ()
