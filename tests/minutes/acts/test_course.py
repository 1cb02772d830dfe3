"""The course of a discussion: options, the words of others, what follows, and who leads it."""

from __future__ import annotations

from meetscribe.minutes.acts.features import Features
from meetscribe.minutes.dialogue import Dialogue
from tests.minutes.meeting import dialogue

TEXT = """
    Anna: Next item, the club shirts, should they be navy or maroon?
    Ben: Navy hides the mud.
    Cleo: Maroon looks cheap anyway.
    Anna: Navy.
    Ben: Then I'll order forty on Monday.
"""


def features(text: str, wanted: str, language: str = "en") -> frozenset[str]:
    """Return the features of the sentence with a text."""
    found = Features(Dialogue(dialogue(text, language)))
    return next(found.of(one) for one in found.dialogue.sentences if one.text == wanted)


def test_a_word_that_settles_a_question() -> None:
    """It is one of the options, others have said it, the chair says it, and a promise with a date follows."""
    expected = {"short", "short&option", "short&discussed", "lead&short", "then I follows", "dated I follows"}
    assert expected <= features(TEXT, "Navy.")
    assert "lead" not in features(TEXT, "Navy hides the mud.")


def test_what_is_no_option() -> None:
    """A word that no question named is none, and a question is not short."""
    assert "option" not in features(TEXT.replace("Anna: Navy.", "Anna: Green."), "Green.")
    assert "short" not in features(TEXT.replace("Anna: Navy.", "Anna: Navy?"), "Navy?")
