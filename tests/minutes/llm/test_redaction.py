"""With `redact`, no name of a participant is sent to the model, however it is written."""

from __future__ import annotations

import json

import pytest

from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.llm.endpoint import Endpoint
from meetscribe.minutes.llm.making import LlmOptions, minutes_by_llm
from meetscribe.minutes.llm.redaction import redact, redactions, restored
from tests.minutes.llm.server import says, serving
from tests.minutes.llm.test_making import answer, item
from tests.minutes.meeting import dialogue

NAMESAKES = dialogue("""
    Anna Schmidt: Tom'll bring the fifteen printed copies. Anna, could you call the landlord by Friday?
    Anna Weber: I'll call the landlord by Friday.
    Tom Lee: Anna’s right. Anna Schmidt has Toms van, tom says.
""")


def test_a_shared_first_name_is_not_sent() -> None:
    """Namesakes have a pseudonym each, their first name has another, and owners are found again."""
    options = LlmOptions(redact=True, judge=True)
    found = item("action", "Person1 Person3 calls the landlord", "u0001", owner="Person1 Person3", due="by Friday")
    with serving(says(answer(found))) as (url, requests):
        minutes = minutes_by_llm(NAMESAKES, Endpoint(url, "scripted"), options=options)
    sent = json.dumps([one["messages"] for one in requests], ensure_ascii=False).lower()
    assert len(requests) == 2
    assert not any(name in sent for name in ("anna", "schmidt", "weber", "tom", "lee"))
    assert "person1 person3] i'll call the landlord" in sent
    assert [one.text for one in minutes.actions] == ["Anna Weber calls the landlord"]
    assert [one.name for one in minutes.actions[0].owners] == ["Anna Weber"]


@pytest.mark.parametrize(
    ("name", "said", "sent"),
    [
        ("Tom", "Tom'll, TOM’s; (tom) @Tom: Tom/Tom-", "Person1'll, Person1’s; (Person1) @Person1: Person1/Person1-"),
        ("Tom", "Toms Haus, tomorrow, atom", "Person1s Haus, tomorrow, atom"),
        ("Mark", "mark marks marked", "Person1 Person1s marked"),
        ("Anna Smith", "Anna Smith saw Smith", "Person1 saw Person1"),
        ("Anna-Lena O'Brien", "Anna and O’Brien's", "Person1 and Person1's"),
        ("anna.smith@example.org", "Ms Smith and Anna", "Ms Person1 and Person1"),
        ("José", "Jose\u0301 came", "Person1 came"),
        ("İpek", "İpek came", "Person1 came"),
        ("田中", "田 中 さん と 田中さん", "Person1 さん と Person1さん"),
        ("Speaker 2", "Speaker 2 has 2 copies", "Speaker 2 has 2 copies"),
        ("Dr. A. Smith", "a doctor, Dr. Smith", "a doctor, Dr. Person1"),
    ],
)
def test_names_are_replaced_in_every_form(name: str, said: str, sent: str) -> None:
    """Endings, marks, case and hyphens do not matter; other words, titles and labels remain."""
    prepared = Dialogue(dialogue(f"{name}: Fine.\n"))
    assert redact(said, redactions(prepared)) == sent


def test_a_replaced_name_is_not_sent() -> None:
    """After a correction of a speaker's name, the earlier one has the same pseudonym."""
    meeting = dialogue("Tom Leigh: Fine.\nAnna: Thanks, Tom.").rename({"Tom Leigh": "Thomas Lee"})
    names = redactions(Dialogue(meeting))
    assert redact("Tom, Thomas or Leigh and Anna", names) == "Person1, Person1 or Person1 and Person2"
    assert restored("Person1", names) == "Thomas"


def test_without_names_nothing_is_replaced() -> None:
    assert redact("Tom  came", {}) == "Tom  came"


def test_names_are_put_back() -> None:
    """Unknown pseudonyms remain; "Person1" is not found in "Person12"."""
    names = {"o'brien": "Person1", "anna": "Person12"}
    assert restored("Person1's, Person12 and Person3", names) == "O'Brien's, Anna and Person3"
