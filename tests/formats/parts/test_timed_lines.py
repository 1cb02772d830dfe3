from __future__ import annotations

import pytest

from meetscribe.formats.parts.timed_lines import parse_timed_lines, starts_with_time


@pytest.mark.parametrize(
    ("line", "timed"),
    [
        ("[0:01] Hi.", True),
        ("[Anna] 14:01:02", True),
        ("Anna (0:01)", True),
        ("Anna 1 minute 1 second", True),
        ("Detected language: English", True),
        ("0:01 Anna", False),
        ("lunch at 12:30", False),
        ("Anna: Hi.", False),
        ("", False),
    ],
)
def test_first_lines(line: str, timed: bool) -> None:
    """A file of timed lines is recognised by its first line, but not by a time within a sentence."""
    assert starts_with_time(line) is timed


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[0:01] - Anna\nHi.\n[0:02] - Ben\nSo.\n", [("Anna", "Hi."), ("Ben", "So.")]),
        ("[0:01] - Hi\n[0:02] - Ben\nSo.\n", [(None, "- Hi"), (None, "- Ben So.")]),
        ("[0:01] - Yes.\nHi.\n", [(None, "- Yes. Hi.")]),
        ("0:01 Anna\nHi.\n0:02 Ben\nSo.\n", [("Anna", "Hi."), ("Ben", "So.")]),
        ("[0:01] ?: Note: this\n", [(None, "Note: this")]),
        ("[0:00:01.0] [Dr: Who]: so\n", [("Dr: Who", "so")]),
        ("[0:00:01.0] anna: so\n[0:00:02.0] anna: yes\n", [(None, "anna: so"), (None, "anna: yes")]),
        ("[0:01] Hi.\nAnna stopped transcription\n", [(None, "Hi.")]),
    ],
)
def test_blocks(text: str, parts: list[tuple[str | None, str]]) -> None:
    """Names are taken from headings where all lines with times have one, before colons, and from brackets."""
    assert [part for block in parse_timed_lines(text).blocks for part in block.parts] == parts


def test_a_name_after_a_time_needs_a_text_below() -> None:
    """A time of day before a word is no heading if any such line is followed by nothing."""
    assert parse_timed_lines("0:01 Anna\nHi.\n12:30 Lunch\n").blocks == []
