from __future__ import annotations

import pytest

from meetscribe.text.sentences import ends_clause, ends_sentence, is_capitalised

ENDS = [
    "done.",
    "done?!",
    'done."',
    "done.”)",
    "done…",
    "写完了。",
    "写完了。」",
    "終わり｡",
    "किया।",
    "किया॥",
    "کیا۔",
    "؟",
]
NO_ENDS = ["done", "3.5", "well,", "“", ")", ""]


@pytest.mark.parametrize("text", ENDS)
def test_ends_of_sentences(text: str) -> None:
    """A word ends a sentence by its last mark, whatever quotes and brackets close after it."""
    assert ends_sentence(text)
    assert ends_clause(text)


@pytest.mark.parametrize("text", NO_ENDS)
def test_words_within_sentences(text: str) -> None:
    """Without such a mark at its end, a word does not end a sentence."""
    assert not ends_sentence(text)


@pytest.mark.parametrize("text", ["well,", 'well,"', "那么，", "so:", "—", "و،"])
def test_ends_of_clauses(text: str) -> None:
    """A comma, colon or dash ends a clause, but not a sentence."""
    assert ends_clause(text)
    assert not ends_sentence(text)


@pytest.mark.parametrize(("text", "capitalised"), [("Well,", True), ("“well", False), ("I", None), ("GUI", None)])
def test_capitals(text: str, capitalised: bool | None) -> None:
    """One capital before a small letter is a capitalised word; a lone or all-capital word may be an acronym."""
    assert is_capitalised(text) is capitalised
