"""Minutes by rules: owners, agreement, due dates, corrections and open questions, in English and German."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

import meetscribe
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.making import minutes_by_rules
from meetscribe.minutes.rules.extraction import ranked
from meetscribe.minutes.rules.requests import asked_in
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Item, ItemKind
from tests.minutes.meeting import DAY, dialogue, quoted


def only_action(text: str, language: str = "en") -> Item:
    actions = minutes_by_rules(dialogue(text, language)).actions
    assert len(actions) == 1, [one.text for one in actions]
    return actions[0]


def names(item: Item) -> list[str]:
    return [one.name for one in item.owners]


@pytest.mark.parametrize(
    ("text", "language", "owner", "day", "status"),
    [
        ("Anna: I'll send the signed contract to the landlord by Friday.", "en", "Anna", "2026-11-27", "agreed"),
        ("Anna: Tom, could you update the price list?\nTom: Sure, tomorrow.", "en", "Tom", "2026-11-26", "agreed"),
        ("Anna: Tom, could you update the price list?\nTom: The coffee is cold.", "en", "Tom", None, "proposed"),
        ("Anna: Could you update the price list?\nTom: I can do that.", "en", "Tom", None, "agreed"),
        ("Anna: Tom, could you update the price list?\nTom: No time.\nMia: I'll do it.", "en", "Mia", None, "agreed"),
        ("Anna: Ich schicke den Vertrag bis Freitag an den Vermieter.", "de", "Anna", "2026-11-27", "agreed"),
        ("Anna: Tom, kannst du die Preise aktualisieren?\nTom: Klar, bis morgen.", "de", "Tom", "2026-11-26", "agreed"),
    ],
)  # fmt: skip
def test_actions(text: str, language: str, owner: str, day: str | None, status: str) -> None:
    """Owner, due date and status follow from who commits, who is asked, and the reply."""
    action = only_action(text, language)
    assert (names(action), action.due and action.due.day, action.status) == ([owner], day, status)


def test_speakers_named_later_keep_their_tasks() -> None:
    """The owner of a request that nobody has answered stands in no cited word, only in a label with a name."""
    unnamed = dialogue("S1: Tom, please update the price list by Friday.\nS2: The coffee is cold.")
    (action,) = minutes_by_rules(unnamed.rename({"S1": "Anna", "S2": "Tom"})).actions
    assert [one.name for one in action.owners] == ["S2"] and action.said is not None and action.said.passed


def test_a_correction_replaces_the_date_and_cites_both() -> None:
    """ "No, make it Thursday" is the due date, and both utterances are cited."""
    action = only_action("Anna: I'll send the contract by Friday.\nTom: No, make it Thursday.\nAnna: Fine.")
    assert action.due and (action.due.said, action.due.day) == ("Thursday", "2026-11-26")
    assert [one.quote for one in action.citations][:2] == ["I'll send the contract by Friday.", "No, make it Thursday."]


@pytest.mark.parametrize(
    "text",
    [
        "Anna: I'll be honest, the budget report surprised me.",
        "Anna: Tom, could you print the agenda?\nAnna: Never mind, it's here already.",
        "Anna: If I win the lottery, I'll buy the building.",
    ],
)
def test_what_is_no_task(text: str) -> None:
    """Phrases that look like a commitment, and requests that are withdrawn, are no actions."""
    assert minutes_by_rules(dialogue(text)).actions == ()


def test_open_questions() -> None:
    """A question whose reply is "no idea" is open; one that is answered is not."""
    meeting = dialogue("""
        Anna: How many visitors does the museum expect in spring?
        Tom: No idea, honestly.
        Anna: Which printer broke during the night shift?
        Tom: The green printer broke beside the window.
    """)
    assert [one.text for one in minutes_by_rules(meeting).questions] == [
        "How many visitors does the museum expect in spring?"
    ]


def test_a_language_without_rules() -> None:
    """There is a summary and a notice, and no item."""
    found = minutes_by_rules(dialogue("Anna: Je vais envoyer le contrat vendredi.", "fr"))
    assert (found.items, [one.code for one in found.notices]) == ((), ["minutes.no-rules"])


def test_without_the_day_of_the_meeting() -> None:
    """Due dates keep their wording, and a notice says why they have no day."""
    found = minutes_by_rules(dialogue("Anna: I'll send the contract by Friday.", date=None))
    due = found.actions[0].due
    assert due and (due.said, due.day) == ("by Friday", None)
    assert [one.code for one in found.notices] == ["minutes.no-date"]


@pytest.mark.parametrize(
    "text",
    [
        "Anna: Tom will send the drafts of the flyer to the printer by Friday.\nMia: The coffee is cold.",
        "Anna: I could bring the two projectors on Friday.",
        "Anna: Tom, please order the paper by Friday.\nTom: Yes.\nAnna: No, make it Thursday.",
        "Anna: I'll book the hall. Today I asked for the price, and they want the deposit by Monday.",
        "Anna: I'll write the report by Monday.\nTom: Fine.\nAnna: And I'll call the caterer on Thursday.",
        "Anna: Ich könnte die beiden Beamer am Freitag mitbringen.",
    ],
)  # fmt: skip
def test_the_day_of_the_meeting_decides_nothing_but_the_days(text: str) -> None:
    """Without it, the items, their owners, their wordings of due dates and their scores are the same."""
    language = "de" if "Ich" in text else "en"
    found, undated = (minutes_by_rules(dialogue(text, language, date)).items for date in (DAY, None))
    assert found and any(one.due for one in found)
    assert undated == tuple(replace(one, due=one.due and replace(one.due, day=None)) for one in found)


@pytest.mark.parametrize(("date", "day"), [("2026-11-26", "2026-12-01"), (None, None)])
def test_the_next_meeting(date: str | None, day: str | None) -> None:
    """It has the weekday and the time as said, with the day if that of the meeting is known."""
    lines = "Anna: The parser is slow.\nTom: I agree with that.\nAnna: Let's meet again next Tuesday at ten."
    meeting = minutes_by_rules(dialogue(lines, date=date)).next_meeting
    assert meeting and meeting.due
    assert (meeting.due.said, meeting.due.day) == ("next Tuesday at ten", day)


def test_a_time_in_digits_ends_a_sentence() -> None:
    """The day of the next sentence is not that of the task."""
    task = only_action("Anna: I'll send the report on Tuesday at 10. Let's meet again next Thursday at ten.")
    assert task.due and (task.due.said, task.due.day) == ("on Tuesday at 10", "2026-12-01")


def test_undated_actions_of_low_score_take_no_place_on_the_page() -> None:
    """Of the items that reach the minimum of their kind, those with the best scores are shown."""
    citation = quoted(dialogue("Anna: Fine."), "Fine.")
    scores: tuple[tuple[ItemKind, float], ...] = (("action", 0.5), ("question", 0.35), ("decision", 0.9))
    items = [Item(kind, kind, (citation,), score=score) for kind, score in scores]
    assert [one.kind for one in ranked(items, 2)[0]] == ["question", "decision"]
    assert [one.kind for one in ranked(items, 1)[0]] == ["decision"]
    assert ranked(items, None) == (items, [])


@pytest.mark.parametrize("before", ["Tom here.", "Mia. Tom here."])
def test_speakers_who_say_their_name_do_not_ask_themselves(before: str) -> None:
    """A request is for another person named just before it, or for nobody by name."""
    prepared = Dialogue(dialogue(f"Tom: {before} Could you update the price list?\nMia: The coffee is cold."))
    request = next(one for one in prepared.sentences if one.is_question)
    assert asked_in(request, prepared) == ("Mia" if "Mia" in before else None)


def test_a_name_with_the_ending_of_will() -> None:
    """ "Tom'll" names Tom."""
    prepared = Dialogue(dialogue("Anna: Tom'll update the price list by Friday.\nTom: The coffee is cold."))
    assert asked_in(prepared.sentences[0], prepared) == "Tom"


def test_the_module_can_be_called() -> None:
    """`meetscribe.minutes(transcript)` is `minutes_by_rules(transcript)`."""
    meeting = dialogue("Anna: I'll send the contract by Friday.")
    assert meetscribe.minutes(meeting) == minutes_by_rules(meeting)


def test_an_empty_transcript() -> None:
    """No words, no items, no failure."""
    meeting = dialogue("Anna: Yes.")
    empty = Transcript((), meeting.meta)
    assert minutes_by_rules(empty).items == minutes_by_rules(meeting).items == ()


def test_three_hours_take_a_few_seconds() -> None:
    """The limit is generous; the benchmark prints the time."""
    lines = (
        "Anna: I'll send the contract number {n} to the landlord by Friday.\nTom: Fine.\nMia: Who paid invoice {n}?\n"
    )
    meeting = dialogue("".join(lines.replace("{n}", str(n)) for n in range(400)))
    begun = time.process_time()
    minutes_by_rules(meeting)
    assert time.process_time() - begun < 10
