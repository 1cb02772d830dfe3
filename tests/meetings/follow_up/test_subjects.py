"""What items are about."""

from __future__ import annotations

from typing import Literal

import pytest

from meetscribe.meetings.follow_up.statements import Language, Record
from meetscribe.meetings.follow_up.subjects import Subject, differ, is_about, subject_of, values_in
from meetscribe.meetings.follow_up.values import MeetingItem
from tests.meetings.follow_up.conftest import MakeLibrary

ENGLISH = Language.of("en")


def subject(record: Record, text: str, kind: Literal["action", "decision"] = "action") -> Subject:
    """Return the subject of an item with this text."""
    item = MeetingItem("1", record.meetings[0], kind, text, text, 0.0, owners=("Anna",))
    return subject_of(item, ENGLISH, record)


def test_the_object_counts_and_adjuncts_count_less(make_library: MakeLibrary) -> None:
    """Verbs and the owner's name are no subject."""
    record = Record.of(make_library([("Anna", "Anna sends the budget to the board.")]))
    found = subject(record, "Anna, send the budget to the board")
    assert found.heads == {"budget"}
    assert found.weights["board"] < found.weights["budget"]
    assert {"send", "mail"} <= found.verbs


def test_a_sentence_without_the_object_is_about_something_else(make_library: MakeLibrary) -> None:
    """The board is an adjunct, the budget is the subject."""
    lines = [("Anna", "I've sent the list to the board."), ("Anna", "The budget went out.")]
    record = Record.of(make_library(lines))
    found = subject(record, "send the budget to the board")
    other, own = next(iter(record.statements.values()))
    assert not is_about(other, found, 0.1)
    assert is_about(own, found, 0.5)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("We meet on Tuesdays.", "We meet on Fridays.", True),
        ("We meet on Tuesdays.", "We meet on Tuesdays at ten.", False),
        ("It costs thirty euros.", "It costs 20 euros.", True),
        ("It costs thirty euros.", "It costs 30 euros.", False),
        ("We go to Lisbon.", "We go to Porto.", True),
        ("We go to Lisbon.", "It costs 20 euros.", False),
    ],
)
def test_values_of_one_kind_differ(one: str, other: str, expected: bool) -> None:
    """Values of different kinds say nothing about each other."""
    values = [values_in(text.split(), ENGLISH) for text in (one, other)]
    assert differ(*values) is expected
    assert differ(*reversed(values)) is expected


def test_the_values_of_a_decision_are_not_its_subject(make_library: MakeLibrary) -> None:
    """Two decisions about the offsite share it, wherever it is."""
    record = Record.of(make_library([("Anna", "Hello.")]))
    found = subject(record, "We hold the offsite in Lisbon", "decision")
    assert found.heads == {"offsit"}
    assert found.values == {"name": {"lisbon"}}
