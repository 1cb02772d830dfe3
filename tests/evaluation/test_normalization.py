"""Normalized words: without case, punctuation and symbols."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.evaluation import NORMALIZATIONS, normalize
from meetscribe.evaluation.normalization import find_normalization


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
def test_texts_and_their_words(text: str, words: list[str]) -> None:
    assert normalize(text) == words


@settings(max_examples=50)
@given(st.text())
def test_normalization_is_idempotent(text: str) -> None:
    words = normalize(text)
    assert normalize(" ".join(words)) == words


@settings(max_examples=50)
@given(st.text(), st.text())
def test_parts_separated_by_a_space_can_be_normalized_separately(one: str, other: str) -> None:
    assert normalize(f"{one} {other}") == normalize(one) + normalize(other)


@settings(max_examples=50)
@given(st.text(st.characters(codec="ascii")))
def test_case_is_ignored(text: str) -> None:
    assert normalize(text.upper()) == normalize(text.lower())


def test_scripts_without_spaces_are_split_into_characters() -> None:
    assert NORMALIZATIONS["cjk"].normalizer("\u6211\u7528Python\u5199\u3002") == [
        "\u6211",
        "\u7528",
        "python",
        "\u5199",
    ]


def test_without_normalization_words_are_split_at_spaces() -> None:
    assert NORMALIZATIONS["none"].normalizer(" So, it's ") == ["So,", "it's"]


def test_an_unknown_normalization_is_rejected_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError, match="basic"):
        find_normalization("basik")
