"""Arrow tables read back equal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.transcript import Segment, Transcript, Word
from meetscribe.transcript.frame.arrow import from_arrow, to_arrow
from meetscribe.transcript.frame.columns import SCHEMA
from tests.conftest import spelled_words
from tests.support.talks import FRAMED as SMALL


@settings(deadline=None, max_examples=30)
@given(st.from_type(Transcript), st.lists(spelled_words(), max_size=3))
def test_arrow_reads_back_equal(transcript: Transcript, spelled: list[Word]) -> None:
    """An Arrow table reads back equal, with the times of characters."""
    transcript = transcript.with_segments((*transcript.segments, *([Segment(tuple(spelled))] if spelled else [])))
    table = to_arrow(transcript)
    assert [field for field in table.schema.names] == [*SCHEMA["word"], "chars", "name"]
    assert from_arrow(table) == transcript
    assert table.column("name").to_pylist() == [word.speaker for word in transcript.edited().words]


def test_arrow_from_elsewhere() -> None:
    """A table without our metadata can be read; errors name the row and the column."""
    table = to_arrow(SMALL).replace_schema_metadata(None)
    assert from_arrow(table).segments == SMALL.segments
    assert from_arrow(table).language == "und"
    with pytest.raises(InputError, match="row 0, column 'start': 'Hi.' is not of type Float64"):
        from_arrow(table.set_column(2, "start", table.column("text")))
    with pytest.raises(InputError, match="lacks the column 'end'"):
        from_arrow(table.drop_columns(["end"]))


def test_words_from_elsewhere() -> None:
    """A table with start, end, speaker and word holds words with times."""
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table({"start": [0.0, 0.5], "end": [0.5, 1], "speaker": ["A", None], "word": ["So", "be"]})
    read = from_arrow(table)
    assert [(word.text, word.start, word.speaker, word.timing) for word in read.words] == [
        ("So", 0.0, "A", "engine"),
        ("be", 0.5, None, "engine"),
    ]
    assert len(from_arrow(table.set_column(3, "word", pyarrow.array(["So", None]))).words) == 1
    text = table.rename_columns(["start", "end", "speaker", "text"])
    assert {word.timing for word in from_arrow(text).words} == {"interpolated"}
    assert {word.timing for word in from_arrow(pyarrow.concat_tables([text] * 6)).words} == {"engine"}


def test_a_column_chars_of_another_kind() -> None:
    """It is ignored in a table that lacks our other columns; in ours, the error names the row and the column."""
    pyarrow = pytest.importorskip("pyarrow")
    table = to_arrow(SMALL)
    counts = table.set_column(table.column_names.index("chars"), "chars", pyarrow.array([2] * len(table)))
    with pytest.raises(InputError, match="row 0 .segment 0, word 0., column 'chars': "):
        from_arrow(counts)
    assert from_arrow(counts.drop_columns(["timing"])).text == SMALL.text
