"""What is compared: words without case and punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.evaluation import NORMALIZATIONS, normalize, spoken_words
from meetscribe.evaluation.normalization import find_normalization
from meetscribe.transcript import Meta, Segment, Transcript, Word


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


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert NORMALIZATIONS["cjk"].normalizer("\u6211\u7528Python\u5199\u3002") == [
        "\u6211",
        "\u7528",
        "python",
        "\u5199",
    ]


def test_words_can_be_left_as_they_are() -> None:
    assert NORMALIZATIONS["none"].normalizer(" So, it's ") == ["So,", "it's"]


def test_whispers_english_reads_numbers_of_several_words_and_keeps_their_place() -> None:
    pytest.importorskip("whisper_normalizer", reason="whisper-normalizer is not installed")
    texts = "Um, twenty one colours, Mr. Smith!".split()
    words = tuple(Word(text, place, place + 1, speaker="A") for place, text in enumerate(texts))
    spoken = spoken_words(Transcript((Segment(words),), Meta("en", 9)), NORMALIZATIONS["whisper"])
    assert [(one.text, one.start) for one in spoken] == [("21", 1.0), ("colors", 3.0), ("mister", 4.0), ("smith", 5.0)]


def test_an_unknown_normalisation_is_told() -> None:
    with pytest.raises(SettingsError, match="basic"):
        find_normalization("basik")
