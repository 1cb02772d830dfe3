from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Rename, Segment, Transcript, Word
from meetscribe.transcript.display import TABLE_ROWS, clock


def say(text: str, start: float = 0, speaker: str | None = None) -> Segment:
    """Return a segment of one word."""
    return Segment((Word(text, start, start + 1, speaker=speaker),))


def test_lines() -> None:
    """A transcript prints as a line per segment: start, name and text."""
    transcript = Transcript(
        (say("Hi.", 62.34, "A"), say("Hm.", 3700), say("Yes.", 3701, "B")),
        Meta("en", 4000, edits=(Rename({"A": "Anna"}),)),
    )
    assert str(transcript) == "[0:01:02.3] Anna: Hi.\n[1:01:40.0] Hm.\n[1:01:41.0] B: Yes."


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (0, "0:00:00.0"),
        (59.96, "0:01:00.0"),
        (3599.95, "1:00:00.0"),
        (360_000, "100:00:00.0"),
        (0.04, "0:00:00.0"),
    ],
)
def test_clock(time: float, shown: str) -> None:
    """A clock never shows sixty seconds, and counts beyond 24 hours."""
    assert clock(time) == shown


class _Tags(HTMLParser):
    """Collect the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_escaped() -> None:
    """Text and names are escaped."""
    page = _Tags()
    page.feed(Transcript((say("<script>", 0, "<b>&"),), Meta("en", 1))._repr_html_())
    assert page.tags == {"svg", "title", "path", "text", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert "<script>" in page.text
    assert "<b>&" in page.text


def test_speakers_have_colors() -> None:
    """Each speaker has one colour of its own; an unknown speaker has none."""
    html = Transcript((say("a", 0, "A"), say("b", 1, "B"), say("c", 2, "A"), say("d", 3)), Meta("en", 9))._repr_html_()
    colors = re.findall(r"4px solid ([#\w]+)", html)
    assert colors[0] == colors[2] != colors[1]
    assert colors[3] == "transparent"


def test_html_shows_the_first_segments() -> None:
    """A long transcript shows its first segments and the number of the others."""
    html = Transcript(tuple(say(f"w{index}", index) for index in range(TABLE_ROWS + 5)), Meta("en", 99))._repr_html_()
    assert f"w{TABLE_ROWS - 1}<" in html
    assert f"w{TABLE_ROWS}<" not in html
    assert "5 more" in html


@given(st.from_type(Transcript))
def test_any_transcript_prints(transcript: Transcript) -> None:
    """Any transcript prints one line without control characters per segment."""
    lines = str(transcript).splitlines()
    assert len(lines) == len(transcript.edited().segments)
    assert "\x1b" not in str(transcript)


def test_the_timeline_shows_shares_of_talk_time() -> None:
    """A notebook shows a lane per speaker, the one who talks most first, with the share; overlap counts for both."""
    turns = (Turn(0, 1, "A"), Turn(0.5, 3.5, "B"))
    html = Transcript((say("a", 0, "A"), say("b", 1, "<B>")), Meta("en", 9, turns=turns))._repr_html_()
    lanes = re.findall(r'text-anchor="end">([^<]+)</text>', html)[:2]
    assert lanes == ["B 75%", "A 25%"]
    assert html.count("<svg") == html.count("</svg>") == 1


def test_without_speakers_there_is_no_timeline() -> None:
    """There is only the table."""
    assert "<svg" not in Transcript((say("a", 0),), Meta("en", 9))._repr_html_()
