from __future__ import annotations

import pytest

from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.plain_text import is_plain_text, read_plain_text


@pytest.mark.parametrize(
    ("data", "name", "plain"),
    [
        (b"So it is.\nYes.\n", "a.txt", True),
        (b"So it is.", "-", True),
        (b"[laughs] Lunch is at 12:30.", "a.txt", True),
        (b"[0:01] So it is.", "a.txt", False),
        (b"Title\n\nAnna  0:01\nHi.\n", "a.txt", False),
        (b"WEBVTT\n", "a.txt", False),
        (b"So it is.", "a.srt", False),
        (b'{"a": 1}', "a.txt", False),
        (b"<tt/>", "-", False),
        (b"\0\1\2\xff", "a.txt", False),
        (b" \n", "a.txt", False),
    ],
)
def test_plain_text_has_no_times(data: bytes, name: str, plain: bool) -> None:
    """A file is plain text if no line has a time and it is in no other format by content or suffix."""
    assert is_plain_text(Document(data, name)) is plain


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Anna: So.\nBen: Yes.\n\nAnna: No.\n", [("Anna", "So."), ("Ben", "Yes."), ("Anna", "No.")]),
        (
            "ANNA: So.\nit is.\nBEN: Yes.\nYes.\n",
            [("ANNA", "So."), ("ANNA", "it is."), ("BEN", "Yes."), ("BEN", "Yes.")],
        ),
        ("anna: So.\nanna: Yes.\nHm.\n", [("anna", "So."), ("anna", "Yes."), (None, "Hm.")]),
        ("[Music]: Yes.\no'clock: no.\n", [(None, "[Music]: Yes."), (None, "o'clock: no.")]),
        ("One.\nNote: this.\nTwo.\nThree.\n", [(None, text) for text in ("One.", "Note: this.", "Two.", "Three.")]),
    ],
)
def test_names_are_speakers_where_they_are_usual(text: str, parts: list[tuple[str | None, str]]) -> None:
    """Names before colons are speakers if they are repeated or frequent, and nobody has a line of doubt."""
    transcript = read_plain_text(Document(text.encode(), "a.txt"))
    assert [(segment.speaker, segment.text) for segment in transcript.segments] == parts


def test_missing_times_are_reported() -> None:
    """All words have the time 0, and the notice says so; a guessed encoding is reported too."""
    transcript = read_plain_text(Document("Zoë said so.".encode("cp1252"), "a.txt"))
    assert {(word.start, word.end, word.timing) for word in transcript.words} == {(0.0, 0.0, "interpolated")}
    assert [notice.code for notice in transcript.meta.notices] == ["formats.encoding", "formats.no-times"]
