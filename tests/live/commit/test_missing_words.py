"""Firm words may get another text from the next hypothesis, but are not dropped by it."""

from __future__ import annotations

from meetscribe.live.commit.missing_words import with_missing
from meetscribe.transcript import Word

PENDING = [Word("and", 11.5, 11.7), Word("let's", 11.7, 11.8), Word("see", 11.8, 12.1)]


def texts(hypothesis: list[Word], firm: list[Word] = PENDING) -> str:
    return " ".join(word.text for word in with_missing(PENDING, hypothesis, firm))


def test_another_text_replaces_a_word() -> None:
    found = [Word("And", 11.5, 11.7), Word("less", 11.7, 11.8), Word("sea", 11.8, 12.1), Word("myself", 12.9, 13.3)]
    assert texts(found) == "And less sea myself"


def test_a_firm_word_that_the_hypothesis_passes_over_is_kept() -> None:
    """A word that begins in the pause before it does not take the place of others."""
    found = [Word("and", 11.5, 11.7), Word("myself", 11.7, 13.3)]
    assert texts(found) == "and let's see myself"
    assert texts(found, firm=[]) == "and myself"
    assert texts([]) == "and let's see"
