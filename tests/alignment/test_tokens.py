"""Words are tokenised in the vocabulary of the network."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.alignment.ctc import Trellis, viterbi
from meetscribe.alignment.tokens import extend_emissions, tokenise
from tests.alignment.conftest import log_probs_of

LETTERS = "|abcdefghijklmnopqrstuvwxyz'"
DICTIONARY = {"<pad>": 0, **{letter: column + 1 for column, letter in enumerate(LETTERS)}}
SIZE = len(DICTIONARY)
WILDCARDS = (SIZE, SIZE + 1)


def letters(*texts: str, dictionary: dict[str, int] = DICTIONARY, language: str = "und") -> list[str]:
    """Return the tokens of each word as letters, * for a wildcard."""
    tokenised = tokenise(texts, dictionary, SIZE, 0, language)
    names = {column: letter for letter, column in dictionary.items()} | dict.fromkeys(WILDCARDS, "*")
    return ["".join(names[column] for unit in units for column in unit.columns) for units in tokenised.words]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Hello,", "hello"),
        ("«Don’t!»", "don't"),
        ("'quoted'", "quoted"),
        ("well-known", "wellknown"),
        ("café", "cafe"),
        ("straße", "strasse"),
        ("ﬁne", "fine"),
        ("2025", "****"),
        ("$5", "**"),
        ("R&D", "r*d"),
        ("100%", "****"),
        ("👍", ""),
        ("👍🏽", ""),
        ("我", "*"),
        ("—", ""),
        ("...", ""),
        ("|", ""),
    ],
)
def test_tokens(text: str, tokens: str) -> None:
    """Punctuation has no tokens, case and accents are dropped if necessary, and other characters are wildcards."""
    assert letters(text) == [tokens]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("42", "fortytwo"), ("$5.50", "fivedollarsfifty"), ("B2B", "btwob"), ("a@b.com", "aatbdotcom"), ("5我", "five*")],
)
def test_numbers_and_symbols_have_the_tokens_of_their_spoken_form(text: str, tokens: str) -> None:
    assert letters(text, language="en") == [tokens]


def test_a_spoken_form_outside_the_vocabulary_becomes_wildcards() -> None:
    """If the vocabulary lacks a letter of a number's name, the digits are wildcards."""
    without = {letter: column for letter, column in DICTIONARY.items() if letter != "f"}
    assert letters("42", "7", dictionary=without, language="en") == ["**", "seven"]


def test_combining_marks_belong_to_their_letter() -> None:
    """Vowel signs in the vocabulary are tokens of the unit of the character before them."""
    thai = {"<pad>": 0, "ก": 1, "ิ": 2, "น": 3}
    assert letters("กิน", dictionary=thai) == ["กิน"]
    assert [(unit.first, unit.last) for unit in tokenise(["กิน"], thai, SIZE, 0).words[0]] == [(0, 2), (2, 3)]


def test_upper_case_letters_are_found() -> None:
    """A vocabulary in capitals has the same tokens."""
    capitals = {key.upper() if len(key) == 1 else key: column for key, column in DICTIONARY.items()}
    assert letters("Hello,", dictionary=capitals) == ["HELLO"]


def test_a_letter_without_a_column_is_a_wildcard() -> None:
    """Letters beyond the output of the network, and the blank, are not used."""
    assert letters("a-b", dictionary={"-": 0, "a": 1, "b": SIZE + 5}) == ["a*"]


def test_adjacent_wildcards_differ() -> None:
    """Two digits need no blank between them."""
    tokens = tokenise(["12", "34"], DICTIONARY, SIZE, 0).tokens
    assert all(before != after for before, after in zip(tokens, tokens[1:], strict=False))


def emissions(sounds: str, frames_each: int = 2) -> npt.NDArray[np.float32]:
    """Return log probabilities of nearly 1 for these letters, `_` for the blank."""
    labels = [0 if sound == "_" else DICTIONARY[sound] for sound in sounds for _ in range(frames_each)]
    return log_probs_of(np.array(labels), SIZE)


def word_frames(texts: list[str], sounds: str) -> list[tuple[int, int]]:
    """Return the frames of each word, half-open."""
    log_probs = extend_emissions(emissions(sounds), DICTIONARY, 0)
    tokenised = tokenise(texts, DICTIONARY, SIZE, 0)
    (found,) = viterbi([Trellis(log_probs, tokenised.tokens, tokenised.gaps)])
    ends = list(accumulate(sum(len(unit.columns) for unit in units) for units in tokenised.words))
    return [(found[first][0], found[last - 1][1]) for first, last in zip([0, *ends], ends, strict=False)]


def test_the_separator_between_words_is_optional() -> None:
    """Words are aligned with and without the separator of the network between them."""
    assert word_frames(["ab", "cd"], "ab|cd") == [(0, 4), (6, 10)]
    assert word_frames(["ab", "cd"], "abcd") == [(0, 4), (4, 8)]
    assert word_frames(["ab", "cd"], "ab__||__cd") == [(0, 4), (16, 20)]


def test_wildcards_take_the_speech_between_their_neighbours() -> None:
    """The words beside a number keep their letters, and the number has the speech between them."""
    (before, number, after) = word_frames(["in", "20", "days"], "_i_n_|_t_w_e_n_t_y_|_d_a_y_s_")
    assert before == (2, 8)
    assert after == (42, 56)
    assert 10 <= number[0] <= 16
    assert 32 <= number[1] <= 38


def test_wildcards_do_not_extend_into_a_pause() -> None:
    """Silence after a number belongs to no word."""
    number = word_frames(["20", "ab"], "_t_w_e_n_t_y_" + "_" * 50 + "ab")[0]
    assert number[1] <= 26
