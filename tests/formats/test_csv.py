from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.formats import write
from meetscribe.transcript import Meta, Rename, Segment, Transcript, Word
from meetscribe.transcript.utterances import utterances


def rows(transcript: Transcript) -> list[list[str]]:
    """Return the rows after the header, as any reader of RFC 4180 parses them."""
    text = write(transcript, "csv").decode()
    assert text.endswith("\r\n")
    header, *rest = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["start", "end", "speaker", "text"]
    return rest


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_a_row_per_segment(transcript: Transcript) -> None:
    """Any transcript has a row of four cells per utterance, and no cell is a formula."""
    read = rows(transcript)
    assert [(float(start), float(end)) for start, end, *_ in read] == [
        (one.start, one.end) for one in utterances(transcript.edited())
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in read for cell in row)
    assert not any(cell.splitlines() != [cell] for row in read for cell in row if cell)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-5", "'-5"),
        ("@all", "'@all"),
        ("\x01=1", "'=1"),
        ("1=1", "1=1"),
        ('say "hi", Zoë', 'say "hi", Zoë'),
        ("a\r\nb", "a b"),
    ],
)
def test_formulas_are_escaped(text: str, cell: str) -> None:
    """Texts and names that would start a formula get an apostrophe; other texts are unchanged."""
    transcript = Transcript(
        (Segment((Word(text, 0.5, 1.25, speaker="A"),)),), Meta("en", 2, edits=(Rename({"A": text}),))
    )
    assert rows(transcript) == [["0.500", "1.250", cell, cell]]


def test_unknown_speakers_are_empty() -> None:
    """A segment without a speaker has an empty cell."""
    assert rows(Transcript((Segment((Word("Hm.", 0, 1),)),), Meta("en", 1))) == [["0.000", "1.000", "", "Hm."]]
