"""What functions accept where they need a transcript."""

from __future__ import annotations

from pathlib import Path

import pytest

import meetscribe
from meetscribe.errors import InputError
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.sources import as_transcript, turns_or_transcript

WORD = Word("Yes.", 1.0, 1.5, speaker="Anna")
TRANSCRIPT = Transcript((Segment((WORD,)),), Meta("en", 2.0))


def test_a_transcript_a_frame_and_a_file_are_one_transcript(tmp_path: Path) -> None:
    """All three forms give the same words."""
    path = tmp_path / "meeting.json"
    TRANSCRIPT.save(path)
    for source in (TRANSCRIPT, TRANSCRIPT.to_frame("word"), path, str(path)):
        assert as_transcript(source).words == TRANSCRIPT.words


def test_turns_are_sorted() -> None:
    """Turns and a diarization are turns, in order of time."""
    turns = [Turn(3, 4, "Ben"), Turn(0, 2, "Anna")]
    expected = (Turn(0, 2, "Anna"), Turn(3, 4, "Ben"))
    assert turns_or_transcript(turns) == turns_or_transcript(Diarization(tuple(turns), ())) == expected


def test_other_values_are_refused_with_what_is_expected(tmp_path: Path) -> None:
    """A wrong value is named before anything fails on it; a missing file is an input error."""
    with pytest.raises(TypeError, match="got int; give several transcripts as separate arguments"):
        meetscribe.stats([1, 2])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="the path of a file, got NoneType"):
        meetscribe.report(None)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        meetscribe.stats(tmp_path / "absent.json")


def test_the_functions_of_the_package_read_files(tmp_path: Path) -> None:
    """`stats` and `report` take a path in place of a transcript."""
    path = tmp_path / "meeting.json"
    TRANSCRIPT.save(path)
    assert meetscribe.stats(path).speakers == meetscribe.stats(TRANSCRIPT).speakers
    assert meetscribe.report(path).edited.words == meetscribe.report(TRANSCRIPT).edited.words


def test_values_in_a_notebook_are_short() -> None:
    """The last value of a cell is shown on one line, not with all its words."""
    assert repr(TRANSCRIPT) == "<Transcript: 0:00:02.0, en, 1 speaker, 1 word>"
    assert repr(meetscribe.stats(TRANSCRIPT)) == "<Statistics: 1 meeting, 1 speaker>"
    assert "Anna" in meetscribe.stats(TRANSCRIPT)._repr_html_()
