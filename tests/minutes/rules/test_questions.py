"""Open questions: asked for information, and left without an answer."""

from __future__ import annotations

import pytest

from meetscribe.minutes.making import minutes_by_rules
from tests.minutes.meeting import dialogue


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Anna: When does the new heating arrive?\nTom: Nobody has told us yet.", "en", 1),
        ("Anna: When does the new heating arrive?\nTom: We'd have to ask the supplier.", "en", 1),
        ("Anna: We still don't know whether the hall has a ramp.", "en", 1),
        ("Anna: Wann kommt die neue Heizung?\nTom: Das müsste man den Lieferanten fragen.", "de", 1),
        ("Anna: How many chairs did we lose?\nTom: Fifty-one. I couldn't find all of them.", "en", 0),
        ("Anna: What did the new heating cost?\nTom: 1,250 euros.\nMia: I have no idea.", "en", 0),
        ("Anna: What did the new heating cost?\nTom: Zero.\nMia: I have no idea.", "en", 0),
        ("Anna: So, wait, forty minutes in total?\nTom: I don't know.", "en", 0),
        ("Anna: I don't know if it's readable, but you can have a look at the draft.", "en", 0),
    ],
)
def test_open_questions(text: str, language: str, found: int) -> None:
    """Numbers answer, repetitions ask nothing, and a remark that goes on is no question."""
    assert len(minutes_by_rules(dialogue(text, language)).questions) == found


def test_an_indirect_question_is_no_reply_to_another() -> None:
    """ "It is still open who …" leaves its own matter open, not that of the question before it."""
    text = "Ben: Diana, what do you think about the final training?\nDiana: It is still open who installs the calendar."
    (question,) = minutes_by_rules(dialogue(text)).questions
    assert [one.quote for one in question.citations] == ["It is still open who installs the calendar."]


def test_an_open_question_does_not_take_up_the_answered_one_before_it() -> None:
    text = (
        "Ben: Could we move the shop to a new host?\nDiana: Sure.\n"
        "Carla: Why was the invoice not paid yet?\nBen: I have no idea."
    )
    assert [one.text for one in minutes_by_rules(dialogue(text)).questions] == ["Why was the invoice not paid yet?"]
