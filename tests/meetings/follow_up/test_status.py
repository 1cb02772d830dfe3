"""What becomes of actions and decisions."""

from __future__ import annotations

import pytest

from meetscribe.meetings import items
from tests.meetings.follow_up.conftest import Lines, MakeLibrary

TASK: Lines = [("Anna", "I'll send the budget draft to the board by Friday."), ("Ben", "Good.")]
OTHER: Lines = [("Anna", "The weather was lovely."), ("Ben", "The train was late.")]
DECISION: Lines = [("Anna", "We decided to hold the offsite in Lisbon."), ("Ben", "Good.")]


@pytest.mark.parametrize(
    ("later", "status"),
    [
        ([("Anna", "I've sent the budget draft to the board.")], "done"),
        ([("Ben", "Anna has sent the budget draft, by the way.")], "done"),
        ([("Ben", "Anna, what about the budget draft?"), ("Anna", "That's done.")], "done"),
        ([("Anna", "The budget draft is finished.")], "done"),
        ([("Anna", "I emailed the budget to the board.")], "done"),
        ([("Anna", "I haven't sent the budget draft yet.")], "open"),
        ([("Anna", "I'll have sent the budget draft by Monday.")], "open"),
        ([("Ben", "Have you sent the budget draft?"), ("Anna", "I forgot.")], "open"),
        ([("Ben", "I've sent the budget draft of my club.")], "open"),
        ([("Anna", "I've sent the holiday list to the board.")], "open"),
        ([("Anna", "I've read the budget draft.")], "open"),
    ],
)
def test_an_action_is_done_if_a_later_sentence_says_so(make_library: MakeLibrary, later: Lines, status: str) -> None:
    """The report is by the owner or names the owner, and is no question, plan or denial."""
    item = items(make_library(TASK, later), make=True)[-1]
    assert item.status == status
    assert [one.meeting.title for one in item.evidence] in (["Week 2"], [])
    if status == "done":
        assert item.evidence[0].quote == later[-1][1]


def test_a_later_denial_opens_an_action_again(make_library: MakeLibrary) -> None:
    """The last report counts."""
    done: Lines = [("Anna", "I've sent the budget draft.")]
    denied: Lines = [("Anna", "Sorry, the budget draft was not sent.")]
    (item,) = items(make_library(TASK, done, denied), make=True)
    assert item.status == "open"


def test_an_action_is_stale_after_two_meetings_without_a_mention(make_library: MakeLibrary) -> None:
    """A mention begins the count again; only meetings that the owner attends count."""
    mention: Lines = [("Ben", "The budget draft is a big topic."), ("Anna", "Indeed.")]
    absent: Lines = [("Ben", "Anna is ill.")]
    assert items(make_library(TASK, OTHER), make=True)[0].status == "open"
    assert items(make_library(TASK, OTHER, OTHER), make=True)[0].status == "stale"
    assert items(make_library(TASK, OTHER, absent), make=True)[0].status == "open"
    assert items(make_library(TASK, OTHER, mention, OTHER), make=True)[0].status == "open"
    assert items(make_library(TASK, OTHER, mention, OTHER, OTHER), make=True)[0].status == "stale"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("We decided to hold the offsite in Porto.", "contradicted"),
        ("We decided not to hold the offsite at all.", "contradicted"),
        ("We agreed again to hold the offsite in Lisbon.", "open"),
        ("We decided that the offsite dinner costs forty euros.", "open"),
        ("We decided to hold the training in Porto.", "open"),
        ("Should we have decided to hold the offsite in Porto?", "open"),
    ],
)
def test_a_decision_is_contradicted_by_another_on_its_subject(
    make_library: MakeLibrary, text: str, status: str
) -> None:
    """The other one has another value of the same kind, or is the opposite."""
    found = items(make_library(DECISION, [("Ben", text)]), make=True)
    (item,) = [one for one in found if one.meeting.title == "Week 1"]
    assert item.status == status
    if status == "contradicted":
        assert (item.evidence[0].speaker, item.evidence[0].quote) == ("Ben", text)


def test_labels_do_not_name_a_person_in_another_meeting(make_library: MakeLibrary) -> None:
    """SPEAKER_00 of two meetings may be two persons, so nothing becomes stale."""
    task: Lines = [("SPEAKER_00", TASK[0][1]), ("SPEAKER_01", "Good.")]
    other: Lines = [("SPEAKER_00", "The weather was lovely.")]
    assert items(make_library(task, other, other), make=True)[0].status == "open"


def test_german_meetings_are_followed_too(make_library: MakeLibrary) -> None:
    """Participles of separable and strong verbs report what was promised."""
    task: Lines = [("Jana", "Ich schicke den Budgetentwurf bis Freitag an den Vorstand."), ("Lars", "Gut.")]
    done: Lines = [("Jana", "Ich habe den Budgetentwurf gestern rausgeschickt.")]
    not_done: Lines = [("Jana", "Den Budgetentwurf habe ich noch nicht verschickt.")]
    assert items(make_library(task, done, language="de"), make=True)[0].status == "done"
    assert items(make_library(task, not_done, language="de"), make=True)[0].status == "open"
