from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.formats import read, write
from meetscribe.formats.rttm import read_rttm
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, RecordingFile, Rename, Segment, Transcript, Word

LINE = re.compile(r"SPEAKER \S+ 1 \d+\.\d{3} \d+\.\d{3} <NA> <NA> \S+ <NA> <NA>")


def of_turns(*turns: Turn) -> Transcript:
    """Return a transcript with turns and without words."""
    return Transcript((), Meta("en", 1, turns=turns))


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_lines_are_valid(transcript: Transcript) -> None:
    """Any transcript's RTTM has ten fields per line and no empty turn."""
    for line in write(transcript, "rttm").decode().splitlines():
        assert LINE.fullmatch(line)
        assert float(line.split()[4]) > 0


@given(st.lists(st.from_type(Turn), max_size=5))
def test_turns_read_back(turns: list[Turn]) -> None:
    """Turns read back as they were written, in order of time."""
    plain = [Turn(turn.start, turn.end, f"S{index % 2}") for index, turn in enumerate(turns)]
    lasting = sorted(turn for turn in plain if turn.duration > 0)
    assert read_rttm(write(of_turns(*plain), "rttm")) == tuple(lasting)


def test_turns_precede_words() -> None:
    """Turns are written as they are, including overlaps, with the transcript's names and recording."""
    transcript = Transcript(
        (Segment((Word("Hi.", 5, 6, speaker="A"),)),),
        Meta(
            "en",
            9,
            RecordingFile("board meeting.v2.wav"),
            (Turn(0, 2, "A"), Turn(1, 3, "B")),
            edits=(Rename({"A": "Anna Berg"}),),
        ),
    )
    assert write(transcript, "rttm").decode().splitlines() == [
        "SPEAKER board_meeting.v2 1 0.000 2.000 <NA> <NA> Anna_Berg <NA> <NA>",
        "SPEAKER board_meeting.v2 1 1.000 2.000 <NA> <NA> B <NA> <NA>",
    ]


def test_words_make_turns() -> None:
    """Without turns, a speaker's words are joined over pauses under half a second, even with others in between."""
    words = (
        Word("a", 0, 1, speaker="A"),
        Word("b", 1, 1.2, speaker="B"),
        Word("c", 1.499, 2, speaker="A"),
        Word("d", 2.5, 3, speaker="A"),
        Word("e", 3, 4),
    )
    assert read_rttm(write(Transcript((Segment(words),), Meta("en", 4)), "rttm")) == (
        Turn(0, 2, "A"),
        Turn(1, 1.2, "B"),
        Turn(2.5, 3, "A"),
    )


def test_other_lines_are_skipped() -> None:
    """Comments, empty lines, lines of other types and a missing tenth field are accepted."""
    text = ";; by hand\n\nSPKR-INFO m 1 <NA> <NA> <NA> unknown A <NA> <NA>\nSPEAKER m 1 0 1.5 <NA> <NA> A <NA>\r\n"
    assert read_rttm(text) == (Turn(0, 1.5, "A"),)
    assert read_rttm(text.encode("utf-8-sig")) == (Turn(0, 1.5, "A"),)


def test_several_recordings() -> None:
    """A file of several recordings needs a choice of one."""
    text = "SPEAKER m 1 0 1 <NA> <NA> A <NA> <NA>\nSPEAKER n 1 2 1 <NA> <NA> A <NA> <NA>\n"
    assert read_rttm(text, file_id="n") == (Turn(2, 3, "A"),)
    assert read_rttm(text, file_id="o") == ()
    with pytest.raises(InputError, match="several recordings: m, n"):
        read_rttm(text)


@pytest.mark.parametrize(
    "line",
    [
        "SPEAKER m 1 0 1",
        "SPEAKER m 1 zero 1 <NA> <NA> A <NA> <NA>",
        "SPEAKER m 1 -1 1 <NA> <NA> A <NA> <NA>",
        "SPEAKER m 1 1 -1 <NA> <NA> A <NA> <NA>",
        "SPEAKER m 1 nan 1 <NA> <NA> A <NA> <NA>",
        "SPEAKER m 1 0 inf <NA> <NA> A <NA> <NA>",
    ],
)
def test_invalid_lines_are_refused(line: str) -> None:
    """An invalid line is refused with the file and the line."""
    with pytest.raises(InputError, match=r"^m\.rttm, line 2: "):
        read_rttm(f";;\n{line}\n", name="m.rttm")


def test_binary_files_are_refused() -> None:
    """A file that is not text is refused with its name."""
    with pytest.raises(InputError, match=r"^m\.rttm: not text") as raised:
        read_rttm(b"\xff\xfe\x00", name="m.rttm")
    assert raised.value.remedy == "Save the file as UTF-8."


@pytest.mark.parametrize("encoding", ["cp1250", "utf-16"])
def test_files_are_read_in_their_encoding(encoding: str) -> None:
    """A transcript of turns is decoded in the encoding given, or in the one detected."""
    data = "SPEAKER m 1 0 1 <NA> <NA> Łukasz <NA> <NA>\n".encode(encoding)
    given = encoding if encoding == "cp1250" else None
    assert read(data, "m.rttm", "rttm", given).turns == (Turn(0, 1, "Łukasz"),)
