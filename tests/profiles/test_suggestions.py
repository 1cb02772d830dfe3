"""Suggestions disappear once the speaker has a name."""

from __future__ import annotations

from meetscribe.errors import Notice
from meetscribe.profiles.suggestions import (
    SAME_PERSON,
    SUGGESTED,
    is_named,
    suggestions_by_label,
    without_settled_suggestions,
)
from meetscribe.testing import synthetic_meeting

TALK = synthetic_meeting(speakers=3).transcript
FIRST, SECOND, THIRD = TALK.speakers


def test_settled_suggestions_are_left_out() -> None:
    """A name or a merge settles the suggestions of a speaker; other notices stay."""
    notices = [
        Notice(SUGGESTED, "a", {"speaker": FIRST, "name": "Anna"}),
        Notice(SAME_PERSON, "b", {"speaker": SECOND, "name": "Anna"}),
        Notice(SUGGESTED, "c", {"speaker": THIRD, "name": "Ben"}),
        Notice("other", "d"),
    ]
    talk = TALK.with_notices(*notices)
    assert without_settled_suggestions(talk) is talk and set(suggestions_by_label(talk)) == {FIRST, THIRD}
    settled = without_settled_suggestions(talk.rename({FIRST: "Anna"}).merge(FIRST, SECOND))
    assert settled.meta.notices == tuple(notices[2:])


def test_names_are_those_after_all_edits() -> None:
    """A speaker is named by an edit or merged into another; undoing either frees the label."""
    assert not is_named(TALK, FIRST)
    assert is_named(TALK.rename({FIRST: "Anna"}), FIRST) and is_named(TALK.merge(FIRST, SECOND), SECOND)
    assert not is_named(TALK.rename({FIRST: "Anna"}).undo(), FIRST)
