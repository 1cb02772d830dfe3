"""Frames of words, segments and turns have a fixed schema and read back."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError, SettingsError
from meetscribe.transcript import Level, RecordingFile, Segment, Transcript, Word
from meetscribe.transcript.frame.columns import NEEDED, SCHEMA
from meetscribe.transcript.word_ids import with_new_word_ids
from tests.support.talks import FRAMED as SMALL


@settings(deadline=None, max_examples=40)
@given(st.from_type(Transcript))
def test_reads_back_equal(transcript: Transcript) -> None:
    """A frame of words reads back equal, with edits applied or without edits."""
    shown, evidence = transcript.edited(), transcript.with_meta(edits=())
    assert Transcript.from_frame(transcript.to_frame(level="word"), meta=shown.meta) == shown
    assert Transcript.from_frame(evidence.to_frame(level="word"), meta=evidence.meta) == evidence


@pytest.mark.parametrize("level", ["segment", "word", "turn"])
@pytest.mark.parametrize("transcript", [SMALL, SMALL.with_segments([])], ids=["some", "none"])
def test_schema(transcript: Transcript, level: Level) -> None:
    """A frame has the documented columns in order, with nullable dtypes, also without rows."""
    frame = transcript.to_frame(level)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == SCHEMA[level]
    assert list(frame.columns) == list(SCHEMA[level])


def cells(frame: pd.DataFrame, column: Any) -> list[Any]:
    """Return the values of a column, None for <NA>."""
    return [None if cell is pd.NA else cell for cell in frame[column]]


def test_segment_rows() -> None:
    """A row of a segment has times, speaker and text; its score is the mean of the known scores, else <NA>."""
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
        "id": ["r-0", "r-2"],
    }


def test_word_rows() -> None:
    """A row of a word holds all of its values."""
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
        "id": ["r-0", "r-1", "r-2"],
    }


def test_turn_rows() -> None:
    """A row of a turn holds the words of one speaker in a row, across segments."""
    more = Segment((Word("No.", 2, 3, speaker="A"), Word("Oh.", 3, 4, speaker="B")))
    frame = SMALL.with_segments([SMALL.segments[0], more]).to_frame("turn")
    assert {name: cells(frame, name) for name in frame} == {
        "turn": [0, 1],
        "start": [0.0, 3.0],
        "end": [3.0, 4.0],
        "speaker": ["A", "B"],
        "text": ["Hi. Yes. No.", "Oh."],
        "segments": [2, 1],
        "words": [3, 1],
        "overlap": [True, False],
        "id": ["r-0", None],
    }


def test_no_column_is_of_objects() -> None:
    """No level has a column of dtype object, with pandas of any release."""
    for level in SCHEMA:
        assert "object" not in {str(dtype) for dtype in SMALL.to_frame(level).dtypes}


def test_frames_keep_metadata() -> None:
    """Language, recording and names are read back without `meta`, also after rows were selected."""
    named = SMALL.rename({"A": "Anna"}).with_meta(recording=RecordingFile("m.wav", "sha256:0"))
    frame = named.to_frame("word")
    assert Transcript.from_frame(frame) == named.edited()
    assert Transcript.from_frame(frame[frame["speaker"] == "Anna"]).meta == named.edited().meta


@pytest.mark.parametrize("level", ["segment", "turn"])
def test_frames_without_words_read(level: Level) -> None:
    """The words of segments or turns are read back with interpolated times."""
    read = Transcript.from_frame(SMALL.to_frame(level))
    assert [(word.text, word.speaker) for word in read.words] == [("Hi.", "A"), ("Yes.", "A"), ("Hm.", None)]
    assert {word.timing for word in read.words} == {"interpolated"}
    frame = SMALL.to_frame(level)
    frame["end"] = -1.0
    with pytest.raises(InputError, match="row 0, column 'end'"):
        Transcript.from_frame(frame)


def test_any_dtypes_read() -> None:
    """Columns without their dtypes, and rows in another order, can be read."""
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
        ("start", "soon", "row 0, column 'start'"),
        ("start", None, "row 0 (segment 0, word 0), column"),
        ("end", -1.0, "row 0 (segment 0, word 0), column"),
        ("text", None, "row 0 (segment 0, word 0), column"),
        ("timing", "felt", "row 0 (segment 0, word 0), column"),
        ("segment", None, "row 0, column 'segment'"),
        ("segment", 0.5, "row 0, column 'segment'"),
        ("overlap", "perhaps", "row 0, column 'overlap'"),
    ],
)
def test_wrong_cells_are_named(column: str, value: object, message: str) -> None:
    """A wrong cell is refused, naming its row and its column."""
    frame = SMALL.to_frame("word").astype(object)
    frame[column] = [value, *frame[column][1:]]
    with pytest.raises(InputError) as caught:
        Transcript.from_frame(frame, SMALL.meta)
    assert caught.value.message.startswith(message)
    assert f"column {column!r}" in caught.value.message


@pytest.mark.parametrize("column", NEEDED)
def test_missing_columns_are_named(column: str) -> None:
    """A frame without a needed column is refused, naming the column."""
    with pytest.raises(InputError, match=f"'{column}'"):
        Transcript.from_frame(SMALL.to_frame("word").drop(columns=column), SMALL.meta)


def words_from_elsewhere(text: str) -> pd.DataFrame:
    """Return a frame with a row per word, and a column of another meaning."""
    rows = [
        (0.0, 0.5, "A", " So"),
        (0.25, 0.75, "B", "Yes."),
        (0.5, 1.0, "A", "be"),
        (1.0, 1.5, "A", "it."),
        (2, 3, "", "Hm"),
    ]
    return pd.DataFrame(rows, columns=["start", "end", "speaker", text]).assign(id="dev00")


@pytest.mark.parametrize(("text", "level"), [("word", None), ("text", "word"), ("word", "word")])
def test_words_from_elsewhere_keep_their_times(text: str, level: Level | None) -> None:
    """Words with start, end and speaker alone are joined into sentences of each speaker."""
    read = Transcript.from_frame(words_from_elsewhere(text), level=level)
    assert [(one.speaker, one.text) for one in read.segments] == [("A", "So be it."), ("B", "Yes."), (None, "Hm")]
    assert [(word.start, word.end, word.timing) for word in read.words[:2]] == [
        (0.0, 0.5, "engine"),
        (0.5, 1.0, "engine"),
    ]


def test_rows_of_single_words_are_words() -> None:
    """From twelve rows on, texts of one word each are words; a level, or a longer text, overrides that."""
    frame = pd.concat([words_from_elsewhere("text")] * 3)
    assert {word.timing for word in Transcript.from_frame(frame).words} == {"engine"}
    assert {word.timing for word in Transcript.from_frame(frame, level="segment").words} == {"interpolated"}
    with pytest.raises(SettingsError, match="no level 'words'"):
        Transcript.from_frame(frame, level="words")  # type: ignore[arg-type]


def test_wrong_cells_of_words_from_elsewhere_are_named() -> None:
    """The row and the frame's own column are named."""
    frame = words_from_elsewhere("word")
    with pytest.raises(InputError, match="row 0, column 'end'"):
        Transcript.from_frame(frame.assign(end=-1.0))
    with pytest.raises(InputError, match="row 0, column 'start'"):
        Transcript.from_frame(frame.assign(start=None))


def test_timing_needs_no_other_column() -> None:
    """Of the columns of words, those present are read."""
    read = Transcript.from_frame(words_from_elsewhere("text").drop(columns="id").assign(timing="aligned"))
    assert {word.timing for word in read.words} == {"aligned"}


def test_missing_ids_are_given_by_position() -> None:
    """A frame of words without ids, as of older versions, has new ones."""
    read = Transcript.from_frame(SMALL.to_frame("word").drop(columns="id"), SMALL.meta)
    assert [word.id for word in read.words] == [word.id for word in with_new_word_ids(SMALL).words]
    assert read.with_segments(()) == SMALL.with_segments(())


def test_unknown_level() -> None:
    """An unknown level is refused, naming the nearest one."""
    with pytest.raises(SettingsError, match="did you mean 'word'"):
        SMALL.to_frame("words")  # type: ignore[arg-type]
