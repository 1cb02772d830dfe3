"""What is compared: words without case and punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.evaluation import normalize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("It's 'fine' \u2019til the dogs' dinner", ["it's", "fine", "til", "the", "dogs", "dinner"]),
        ("don\u2019t don\u00b4t don\u02bct don\uff07t", ["don't"] * 4),
        ("state-of-the-art \u2014 and/or", ["state", "of", "the", "art", "and", "or"]),
        ("\ufb01ne \uff21\uff22 \u2460", ["fine", "ab", "1"]),
        ("  \t\n ", []),
        ("\u2026 -- \u266a \u00bf?", []),
        ("\u00bfQu\u00e9? Stra\u00dfe, \u00c9COLE", ["qu\u00e9", "stra\u00dfe", "\u00e9cole"]),
        ("cafe\u0301", ["caf\u00e9"]),
        ("co\u00adoperate \u200bnow\ufeff", ["cooperate", "now"]),
        ("\u0939\u093f\u0928\u094d\u0926\u0940\u0964", ["\u0939\u093f\u0928\u094d\u0926\u0940"]),
        ("\u4f60\u597d\uff0c\u4e16\u754c\u3002", ["\u4f60\u597d", "\u4e16\u754c"]),
    ],
)
def test_text_becomes_these_words(text: str, words: list[str]) -> None:
    assert normalize(text) == words


@given(st.text())
def test_normalising_again_changes_nothing(text: str) -> None:
    words = normalize(text)
    assert normalize(" ".join(words)) == words


@given(st.text(), st.text())
def test_pieces_parted_by_a_space_can_be_normalised_one_by_one(one: str, other: str) -> None:
    assert normalize(f"{one} {other}") == normalize(one) + normalize(other)


@given(st.text(st.characters(codec="ascii")))
def test_case_does_not_matter(text: str) -> None:
    assert normalize(text.upper()) == normalize(text.lower())
