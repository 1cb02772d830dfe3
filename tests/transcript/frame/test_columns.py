"""Columns of plain values, without pandas or Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.transcript import Level, Transcript
from meetscribe.transcript.frame.columns import (
    NEEDED,
    SCHEMA,
    are_single_words,
    are_texts,
    layout_of,
    rows_of,
    transcript_of,
)
from meetscribe.transcript.word_ids import with_new_word_ids
from tests.support.talks import FRAMED as SMALL

LEVELS: tuple[Level, ...] = ("segment", "word", "turn")


def columns(transcript: Transcript, level: Level) -> dict[str, Sequence[Any]]:
    """Return the columns of a level."""
    rows = list(rows_of(transcript, level))
    return {name: [row[place] for row in rows] for place, name in enumerate(SCHEMA[level])}


@settings(deadline=None, max_examples=25)
@given(st.from_type(Transcript))
def test_columns_of_words_read_back_equal(transcript: Transcript) -> None:
    """Times of characters have a column in Arrow alone."""
    assert transcript_of(columns(transcript, "word"), "word", transcript.meta) == transcript


@settings(deadline=None, max_examples=25)
@given(st.from_type(Transcript))
def test_turns_hold_every_word_once(transcript: Transcript) -> None:
    """Two turns in a row have different speakers."""
    turns = columns(transcript, "turn")
    assert sum(turns["words"]) == len(transcript.words)
    speakers = turns["speaker"]
    assert all(before != after for before, after in zip(speakers, speakers[1:], strict=False))


@pytest.mark.parametrize("level", LEVELS)
def test_the_level_is_recognised_by_its_columns(level: Level) -> None:
    mark = {"word": "timing", "turn": "turn", "segment": "segment"}[level]
    assert layout_of(SCHEMA[level]).level == layout_of([*NEEDED, mark]).level == level
    assert layout_of(NEEDED, level).level == level


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(InputError, match="lacks the column 'start', 'text'") as caught:
        layout_of(["end", "speaker"])
    assert 'level="segment"' in caught.value.remedy


def test_columns_of_other_frames_are_not_read() -> None:
    """Measurements of words are read beside `timing` only, and numbers of words only together."""
    assert list(layout_of(SCHEMA["word"]).columns) == [*NEEDED, *(n for n in SCHEMA["word"] if n not in NEEDED)]
    assert list(layout_of([*NEEDED, "id", "score", "segment"], "word").columns) == [*NEEDED]
    assert list(layout_of([*NEEDED, "id", "words"], "turn").columns) == [*NEEDED]
    spelled = layout_of(["word", "start", "end", "speaker", "segment", "timing"], spelled=True)
    assert spelled.columns == {name: name for name in (*NEEDED, "timing")} | {"text": "word"}


def test_texts_and_numbers_of_words() -> None:
    assert are_texts([None, "7", "so"])
    assert not are_texts(["7", 7, None])
    assert are_single_words(NEEDED, ["so"] * 12)
    assert not are_single_words(NEEDED, ["so"] * 11)
    assert not are_single_words(NEEDED, ["so"] * 12 + ["it goes"])
    assert not are_single_words([*NEEDED, "segment"], ["so"] * 12)


def test_rows_may_be_in_any_order() -> None:
    """Words are ordered by segment and word."""
    backwards = {name: cells[::-1] for name, cells in columns(SMALL, "word").items()}
    assert transcript_of(backwards, "word", SMALL.meta) == SMALL


def test_words_without_ids_get_new_ones() -> None:
    cells = columns(SMALL, "word")
    del cells["id"]
    assert transcript_of(cells, "word", SMALL.meta) == with_new_word_ids(SMALL)


def test_without_metadata_the_duration_is_the_end_of_the_last_word() -> None:
    assert transcript_of(columns(SMALL, "word"), "word", None).meta.duration == 4.0
    empty = transcript_of(columns(SMALL.with_segments(()), "word"), "word", None)
    assert (empty.segments, empty.meta.duration, empty.language) == ((), 0.0, "und")


def test_the_time_of_a_segment_is_distributed_over_its_words() -> None:
    """A row without text has no segment."""
    cells: dict[str, Sequence[Any]] = {
        "start": [0.0, 5.0],
        "end": [4.0, 6.0],
        "speaker": ["A", ""],
        "text": ["one two", None],
    }
    (segment,) = transcript_of(cells, "segment", None).segments
    assert [(word.text, word.start, word.end, word.timing, word.speaker) for word in segment.words] == [
        ("one", 0.0, 2.0, "interpolated", "A"),
        ("two", 2.0, 4.0, "interpolated", "A"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("start", None, "row 1, column 'start': not a time: None"),
        ("end", -1.0, "row 1, column 'end': not a time: -1.0"),
        ("end", float("inf"), "row 1, column 'end': not a time: inf"),
        ("end", 2.0, "row 1, column 'end': before the start"),
    ],
)
def test_wrong_times_of_segments_are_named(column: str, value: object, message: str) -> None:
    cells = columns(SMALL, "segment")
    cells[column] = [cells[column][0], value]
    with pytest.raises(InputError) as caught:
        transcript_of(cells, "segment", None)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("column", "value"), [("score", 2.0), ("timing", "felt"), ("text", ""), ("start", 9.0), ("speaker_source", "x")]
)
def test_wrong_values_of_words_are_named(column: str, value: object) -> None:
    """The column at fault is named, and for a word that ends before its start the end."""
    cells = columns(SMALL, "word")
    cells[column] = [value, *cells[column][1:]]
    fault = "end" if column == "start" else column
    with pytest.raises(InputError, match=rf"row 0 \(segment 0, word 0\), column '{fault}'"):
        transcript_of(cells, "word", None)
