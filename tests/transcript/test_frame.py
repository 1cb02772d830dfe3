from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError, SettingsError
from meetscribe.transcript import Level, Meta, Segment, Transcript, Word
from meetscribe.transcript.frame import SCHEMA

SMALL = Transcript(
    (
        Segment((Word("Hi.", 0, 1, "aligned", 0.5, "A", 1, "turn", True, 0.9), Word("Yes.", 1, 2, speaker="A"))),
        Segment((Word("Hm.", 3, 4, "interpolated", language="de"),)),
    ),
    Meta("en", 5),
)


@settings(deadline=None)
@given(st.from_type(Transcript))
def test_reads_back_equal(transcript: Transcript) -> None:
    """Any transcript made a frame of words is had back equal from it."""
    assert Transcript.from_frame(transcript.to_frame(level="word"), meta=transcript.meta) == transcript


@pytest.mark.parametrize("level", ["segment", "word"])
@pytest.mark.parametrize("transcript", [SMALL, SMALL.with_segments([])], ids=["some", "none"])
def test_schema(transcript: Transcript, level: Level) -> None:
    """A frame has the documented columns in order, with nullable dtypes, also without a single row."""
    frame = transcript.to_frame(level)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == SCHEMA[level]
    assert list(frame.columns) == list(SCHEMA[level])


def cells(frame: pd.DataFrame, column: Any) -> list[Any]:
    """A column's values, None for <NA>."""
    return [None if cell is pd.NA else cell for cell in frame[column]]


def test_segment_rows() -> None:
    """A row of a segment says when, who and what; scores are the mean of what is known, else <NA>."""
    frame = SMALL.to_frame()
    assert {name: cells(frame, name) for name in frame} == {
        "segment": [0, 1],
        "start": [0.0, 3.0],
        "end": [2.0, 4.0],
        "speaker": ["A", None],
        "text": ["Hi. Yes.", "Hm."],
        "words": [2, 1],
        "score": [0.5, None],
        "overlap": [True, False],
    }


def test_word_rows() -> None:
    """A row of a word holds all that is known of it."""
    frame = SMALL.to_frame("word")
    assert {name: cells(frame, name) for name in frame} == {
        "segment": [0, 0, 1],
        "word": [0, 1, 0],
        "start": [0.0, 1.0, 3.0],
        "end": [1.0, 2.0, 4.0],
        "speaker": ["A", "A", None],
        "text": ["Hi.", "Yes.", "Hm."],
        "timing": ["aligned", "engine", "interpolated"],
        "score": [0.5, None, None],
        "speaker_score": [1.0, None, None],
        "speaker_source": ["turn", None, None],
        "overlap": [True, False, False],
        "probability": [0.9, None, None],
        "language": [None, None, "de"],
    }


def test_any_dtypes_read() -> None:
    """A frame whose columns lost their dtypes, or whose rows their order, is read all the same."""
    frame = SMALL.to_frame("word").astype(object).iloc[::-1]
    assert Transcript.from_frame(frame.where(frame.notna(), None), SMALL.meta) == SMALL


def test_dropped_rows() -> None:
    """Words dropped from a frame are dropped from the transcript, and an emptied segment with them."""
    frame = SMALL.to_frame("word")
    read = Transcript.from_frame(frame[frame["text"] == "Hm."], SMALL.meta)
    assert read.segments == SMALL.segments[1:]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("start", "soon", "column 'start'"),
        ("start", None, "segment 0, word 0"),
        ("end", -1.0, "segment 0, word 0"),
        ("text", None, "segment 0, word 0"),
        ("timing", "felt", "segment 0, word 0"),
        ("segment", None, "column 'segment'"),
        ("segment", 0.5, "column 'segment'"),
        ("overlap", "perhaps", "column 'overlap'"),
    ],
)
def test_wrong_cells_are_named(column: str, value: object, message: str) -> None:
    """A cell that cannot be is refused, naming its column or its word."""
    frame = SMALL.to_frame("word").astype(object)
    frame[column] = [value, *frame[column][1:]]
    with pytest.raises(InputError) as caught:
        Transcript.from_frame(frame, SMALL.meta)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("column", list(SCHEMA["word"]))
def test_missing_columns_are_named(column: str) -> None:
    """A frame without one of the columns is refused, naming it."""
    with pytest.raises(InputError, match=f"'{column}'"):
        Transcript.from_frame(SMALL.to_frame("word").drop(columns=column), SMALL.meta)


def test_unknown_level() -> None:
    """A level that does not exist is refused, naming the nearest."""
    with pytest.raises(SettingsError, match="did you mean 'word'"):
        SMALL.to_frame("words")  # type: ignore[arg-type]
