"""What a pipeline returns becomes turns, exclusive turns and voiceprints, whatever its version."""

from __future__ import annotations

import numpy as np
import pytest

from meetscribe.diarization import DiarizationSettings
from meetscribe.diarization.outputs import to_diarization
from meetscribe.timeline import Diarization, Turn
from tests.diarization.conftest import Annotation, Output


def read(output: object, duration: float = 10.0, **settings: object) -> Diarization:
    return to_diarization(output, duration, DiarizationSettings(**settings), "embedder-1")  # type: ignore[arg-type]


def test_speakers_are_named_by_first_appearance() -> None:
    both = Annotation((4.0, 5.0, "SPEAKER_00"), (0.0, 2.0, "SPEAKER_01"), (1.0, 3.0, "SPEAKER_02"))
    found = read(Output(both, both, np.eye(3)))
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
    both = Annotation((0.0, 1.0, "a"), (1.0, 2.0, "b"), (2.0, 3.0, "c"))
    found = read(Output(both, both, np.array([[0.0, 0.0], [np.nan, 1.0], [0.5, 0.5]])))
    assert list(found.voiceprints) == ["SPEAKER_02"]
    assert found.voiceprints["SPEAKER_02"].dtype == np.float32
    assert read(Output(both, both, None)).voiceprints == {}


def test_an_output_without_exclusive_turns_has_none() -> None:
    found = read(Annotation((0.0, 1.0, 7)))
    assert found == Diarization((Turn(0, 1, "SPEAKER_00"),), ())


def test_turns_are_cut_to_the_recording() -> None:
    found = read(Annotation((-0.02, 1.0, "a"), (9.5, 10.03, "a"), (10.0, 10.5, "b"), (3.0, 3.0001, "c")))
    assert found.turns == (Turn(0, 1, "SPEAKER_00"), Turn(9.5, 10, "SPEAKER_00"))


def test_short_pauses_are_filled_but_in_exclusive_turns_only_where_nobody_else_speaks() -> None:
    turns = Annotation((0.0, 2.0, "a"), (2.0, 2.4, "b"), (2.4, 4.0, "a"), (4.3, 5.0, "a"), (5.5, 6.0, "a"))
    found = read(Output(turns, turns))
    a, b = "SPEAKER_00", "SPEAKER_01"
    assert found.turns == (Turn(0, 5, a), Turn(2, 2.4, b), Turn(5.5, 6, a))
    assert found.exclusive == (Turn(0, 2, a), Turn(2, 2.4, b), Turn(2.4, 5, a), Turn(5.5, 6, a))
    unfilled = read(Output(turns, turns), min_duration_off=0.0)
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
    found = read(Annotation((0.0, 1.0, "a"), (1.0, 2.0, "b")), **settings)
    assert found.warnings == (f"{asked} speakers were asked for, but 2 were found",)


@pytest.mark.parametrize("settings", [{}, {"speakers": 2}, {"min_speakers": 2}, {"min_speakers": 1, "max_speakers": 2}])
def test_a_number_of_speakers_as_asked_for_is_no_news(settings: dict[str, int]) -> None:
    assert read(Annotation((0.0, 1.0, "a"), (1.0, 2.0, "b")), **settings).warnings == ()
