"""Decisions: proposals and conclusions that others accept, one item for each matter."""

from __future__ import annotations

import pytest

from meetscribe.minutes.making import minutes_by_rules
from tests.minutes.meeting import dialogue


def decisions(text: str, language: str = "en") -> list[str]:
    return [one.text for one in minutes_by_rules(dialogue(text, language)).decisions]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Anna: Then we leave the old scanner in the basement.\nTom: Fine by me.", "en", 1),
        ("Anna: So the two broken pumps stay in the store room.\nTom: Agreed, absolutely.", "en", 1),
        ("Anna: Could we close on Mondays?\nTom: Let's do it from September, then.\nAnna: Agreed!\nMia: Yes.", "en", 1),
        ("Anna: Dann bleibt die alte Lampe im Keller stehen.\nTom: Einverstanden.", "de", 1),
        ("Anna: So the two broken pumps stay in the store room.\nTom: The coffee is cold.", "en", 0),
        ("Anna: Shall we move the archive to Vienna?\nTom: I don't know.", "en", 0),
        ("Anna: It is still open whether we should share the template.\nTom: Yes.", "en", 0),
        ("Anna: Because then we can print the reports faster in the library.\nTom: Yeah.", "en", 0),
        ("Anna: Tom, could you print the agenda for the board?\nTom: Consider it done.", "en", 0),
        ("Anna: My weekend was short and rainy.\nTom: Done.", "en", 0),
    ],
)
def test_what_is_a_decision(text: str, language: str, found: int) -> None:
    """A conclusion needs agreement at once; questions, reasons and requests are no decisions."""
    assert len(decisions(text, language)) == found


def test_one_item_for_a_matter() -> None:
    """A proposal, its acceptance and the sentence that closes it are cited by one decision."""
    minutes = minutes_by_rules(
        dialogue("""
        Anna: I propose we take the smaller venue this year.
        Tom: Agreed.
        Anna: Good, that is settled then, the smaller venue.
    """)
    )
    (decision,) = minutes.decisions
    assert len(decision.citations) == 3


def test_it_can_wait_overturns_no_decision() -> None:
    """Agreeing that a postponed matter can wait is no withdrawal of the decision to postpone it."""
    text = """
        Anna: We'll postpone the doorbell to the next assembly.
        Tom: Agreed, it can wait.
    """
    assert decisions(text) == ["We'll postpone the doorbell to the next assembly"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Anna: It is so resolved, the lane is deferred to June.\nTom: The coffee is cold.", "en", 1),
        ("Anna: Damit ist der Umbau der Küche beschlossen.\nTom: Der Kaffee ist kalt.", "de", 1),
        ("Anna: Two years ago we decided to close the lane.\nTom: The coffee is cold.", "en", 0),
        ("Anna: Der Rat hat das im Mai beschlossen.\nTom: Der Kaffee ist kalt.", "de", 0),
    ],
)
def test_a_formula_is_a_decision(text: str, language: str, found: int) -> None:
    """A formula needs no agreement; a report of an earlier decision is none."""
    assert len(decisions(text, language)) == found


def test_a_decision_that_was_asked_has_its_answer() -> None:
    """The text is the question and the answer, in that order; both are cited."""
    text = "Anna: Shall we close the bar on Mondays, then?\nBen: Fine by me.\nAnna: Closed on Mondays, that's settled."
    (found,) = minutes_by_rules(dialogue(text)).decisions
    assert found.text.startswith("Shall we close the bar on Mondays, then? – ") and len(found.citations) > 1
