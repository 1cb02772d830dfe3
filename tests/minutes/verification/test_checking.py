"""Anybody's minutes are checked: native JSON, other JSON, and Markdown with times or quotes."""

from __future__ import annotations

import json

import pytest

from meetscribe.errors import InputError
from meetscribe.minutes import dumps, minutes_by_rules, to_markdown
from meetscribe.minutes.verification.checking import check_minutes
from tests.minutes.verification.test_verifying import MEETING


def test_own_minutes_pass_in_both_formats() -> None:
    """JSON and Markdown that meetscribe writes pass, line by line."""
    minutes = minutes_by_rules(MEETING)
    native = check_minutes(dumps(minutes), MEETING)
    assert len(native) == len(minutes.items) > 1 and all(one.said.passed for one in native)
    markdown = check_minutes(to_markdown(minutes, MEETING), MEETING)
    assert [one.text.lower() for one in markdown] == [one.text.lower() for one in minutes.items]
    assert [one.said.problems for one in markdown] == [()] * len(minutes.items)


def test_json_of_another_program() -> None:
    """Lists named for their kind, with quotes, owners and due dates under common names."""
    text = json.dumps(
        {
            "action_items": [
                {"task": "Send 15 copies", "assignee": "Tom", "due_date": "2026-11-27", "quote": "I'll send fifteen"},
                {"task": "Send 50 copies", "assignee": "Tom", "quote": "I'll send fifteen printed copies"},
                {"task": "Send copies", "assignee": "Anna", "speaker": "Anna", "quote": "send fifteen printed copies"},
                {"task": "Buy a boat", "quote": "I'll buy a boat"},
            ]
        }
    )
    verdicts = check_minutes(text, MEETING)
    assert [one.said.passed for one in verdicts] == [False, False, False, False]
    assert "is not 2026-11-27" in " ".join(verdicts[0].said.problems) or "2026-11-27" in str(verdicts[0].said.problems)
    assert "the number 50 was not said" in verdicts[1].said.problems
    assert any("not by Anna but by Tom" in one for one in verdicts[2].said.problems)
    assert verdicts[3].said.problems == ("the quote was not said",)


def test_markdown_with_times_only() -> None:
    """Without a quote, the evidence is the utterance at the time."""
    text = "## Actions\n- [0:00:12] **Tom**: send fifteen copies to Maria\n- [0:00:12] **Tom**: send fifty copies\n"
    verdicts = check_minutes(text, MEETING)
    assert [one.said.passed for one in verdicts] == [True, False]
    assert verdicts[0].start == 11.0


def test_minutes_without_lines_are_an_error() -> None:
    """A text without times, quotes or lists cannot be checked."""
    with pytest.raises(InputError, match="no lines that can be checked"):
        check_minutes("It was a good meeting.", MEETING)
