"""Normalised text: usual spellings of colloquial words, and names."""

from __future__ import annotations

import pytest

from meetscribe.minutes.dialogue import Dialogue
from tests.minutes.meeting import dialogue


@pytest.mark.parametrize(
    ("text", "language", "norm"),
    [
        ("Des mach i net, det is nix.", "de", "des mach ich nicht das ist nichts"),
        ("Aye, I'll tell 'em.", "en", "yes i'll tell them"),
    ],
)
def test_colloquial_words_have_their_usual_spelling(text: str, language: str, norm: str) -> None:
    """Cues match dialect too."""
    assert Dialogue(dialogue(f"Anna: {text}", language)).sentences[0].norm == norm


def test_german_nouns_are_no_names() -> None:
    """A capitalised word before a verb of people is a name only where a sentence or clause begins."""
    said = "Anna: In zwei Wochen kann ich liefern. Brandt hat zugesagt, und Keller kann auch."
    assert set(Dialogue(dialogue(said, "de")).absent.values()) == {"Brandt", "Keller"}


@pytest.mark.parametrize("mark", ["?", "？", "؟"])
def test_question_marks_of_several_scripts(mark: str) -> None:
    assert Dialogue(dialogue(f"Anna: متى الاجتماع{mark}", "ar")).sentences[0].is_question
