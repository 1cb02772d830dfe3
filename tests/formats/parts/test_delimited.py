from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.formats.parts.delimited import (
    escape_formula,
    has_columns,
    table_rows,
    unescape_formula,
    write_table,
)
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Meta, Segment, Transcript, Word

MIXED = Transcript(
    (Segment((Word("Yes.", 0, 1, speaker="A"), Word("No.", 1, 2, speaker="B"))), Segment((Word("So.", 2, 3),))),
    Meta("en", 3),
)


@settings(max_examples=40)
@given(st.text(alphabet="'=+-@\t\r＝a1 ", max_size=6))
def test_formulas_are_escaped(text: str) -> None:
    """No escaped text starts a formula, and unescaping restores it."""
    escaped = escape_formula(text)
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert unescape_formula(escaped) == text


def test_rows_of_segments_and_words() -> None:
    """A segment of two speakers is two rows, and rows of words carry the segment's number."""
    assert list(table_rows(MIXED, "segment")) == [(0, 1, "A", "Yes.", 0), (1, 2, "B", "No.", 1), (2, 3, "", "So.", 2)]
    assert [row[3:] for row in table_rows(MIXED, "word")] == [("Yes.", 0), ("No.", 0), ("So.", 1)]
    with pytest.raises(SettingsError, match="'word'"):
        list(table_rows(MIXED, "words"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "delimiter", "found"),
    [("Start Time;End;Text", ";", True), ('"begin","stop","content"', ",", True), ("start,end", ",", False)],
)
def test_columns_are_recognised(header: str, delimiter: str, found: bool) -> None:
    """Columns are recognised by our titles and by those of other programs."""
    assert has_columns(Document(header.encode()), delimiter) is found


def test_cells_are_quoted() -> None:
    """Cells with delimiters, quotes and line breaks are quoted as in RFC 4180."""
    assert write_table([("a,b", 'c"d', "e")], ("x", "y", "z"), ",", "\r\n") == 'x,y,z\r\n"a,b","c""d",e\r\n'
