"""Files of several recordings are divided by recording, and single words are joined into segments."""

from __future__ import annotations

import json

import pytest

from meetscribe.errors import InputError
from meetscribe.formats import read
from meetscribe.formats.parts.recordings import read_recordings, read_regions
from meetscribe.timeline import Span


def test_files_are_divided_by_recording() -> None:
    """Recordings are divided by the name in their lines, in every such format."""
    stm = b";; speaker A Anna\na 1 A 0 1 so it is\nb 1 B 0 1 yes\na 1 A 2 3 well\n"
    rttm = b"SPEAKER a 1 0 1 <NA> <NA> A <NA> <NA>\nSPEAKER b 1 0 2 <NA> <NA> B <NA> <NA>\n"
    rows = [{"session_id": name, "speaker": "A", "start_time": 0, "end_time": 1, "words": "yes"} for name in "ab"]
    assert {name: one.text for name, one in read_recordings(stm, "x.stm").items()} == {
        "a": "so it is\nwell",
        "b": "yes",
    }
    assert [len(one.turns) for one in read_recordings(rttm, "x.rttm").values()] == [1, 1]
    assert list(read_recordings(json.dumps(rows).encode(), "x.seglst.json")) == ["a", "b"]
    assert list(read_recordings(b"WEBVTT\n\n00:01.000 --> 00:02.000\nyes\n", "x.vtt")) == [""]


def test_errors_name_the_line_of_the_file() -> None:
    """An error in one recording names the line number in the whole file."""
    with pytest.raises(InputError, match="line 3"):
        read_recordings(b"a 1 A 0 1 so\nb 1 B 0 1 yes\nb 1 B x 1 no\n", "x.stm", "stm")


def test_regions_are_read_by_recording() -> None:
    """UEM regions are read for each recording."""
    assert read_regions(b";; a comment\na 1 0 1.5\nb 1 2 3\na 1 4 5\n", "x.uem") == {
        "a": (Span(0, 1.5), Span(4, 5)),
        "b": (Span(2, 3),),
    }
    with pytest.raises(InputError, match="line 1"):
        read_regions(b"a 1 2 1\n", "x.uem")


def test_single_words_become_segments() -> None:
    """A speaker's words form segments that end with a sentence or before a pause of half a second."""
    rows = [
        ("So", 0, 0.3, "A"),
        ("yes.", 0.2, 0.5, "B"),
        ("it", 0.4, 0.6, "A"),
        ("is.", 0.7, 1, "A"),
        ("Now", 1.1, 2, "A"),
    ]
    lines = [json.dumps({"word": word, "start": start, "end": end, "speaker": who}) for word, start, end, who in rows]
    found = read("\n".join(lines).encode(), "x.words.jsonl")
    assert [(segment.speaker, segment.text) for segment in found.segments] == [
        ("A", "So it is."),
        ("B", "yes."),
        ("A", "Now"),
    ]
    assert {word.timing for word in found.words} == {"engine"}
