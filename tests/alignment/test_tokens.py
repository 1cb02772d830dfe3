"""Words are spelled with what the network hears."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.alignment.ctc import Line, viterbi
from meetscribe.alignment.tokens import extend, spell

LETTERS = "|abcdefghijklmnopqrstuvwxyz'"
DICTIONARY = {"<pad>": 0, **{letter: column + 1 for column, letter in enumerate(LETTERS)}}
SIZE = len(DICTIONARY)
STAND_INS = (SIZE, SIZE + 1)


def letters(*texts: str, dictionary: dict[str, int] = DICTIONARY, language: str = "und") -> list[str]:
    """The spelling of each word, * for a stand-in."""
    spelling = spell(texts, dictionary, SIZE, 0, language)
    names = {column: letter for letter, column in dictionary.items()} | dict.fromkeys(STAND_INS, "*")
    return ["".join(names[column] for unit in units for column in unit.columns) for units in spelling.words]


@pytest.mark.parametrize(
    ("text", "spelling"),
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
def test_spelling(text: str, spelling: str) -> None:
    """Punctuation takes no part, case and accents give way, and the rest has a stand-in."""
    assert letters(text) == [spelling]


@pytest.mark.parametrize(
    ("text", "spelling"),
    [("42", "fortytwo"), ("$5.50", "fivedollarsfifty"), ("B2B", "btwob"), ("a@b.com", "aatbdotcom"), ("5我", "five*")],
)
def test_numbers_are_spelled_as_they_are_read(text: str, spelling: str) -> None:
    """Where the language is known."""
    assert letters(text, language="en") == [spelling]


def test_what_cannot_be_spelled_as_it_is_read_has_stand_ins() -> None:
    """A network without a letter of the number's name hears its digits as stand-ins."""
    without = {letter: column for letter, column in DICTIONARY.items() if letter != "f"}
    assert letters("42", "7", dictionary=without, language="en") == ["**", "seven"]


def test_marks_are_heard_with_their_letter() -> None:
    """Vowel signs that the network has are tokens of the character before them."""
    thai = {"<pad>": 0, "ก": 1, "ิ": 2, "น": 3}
    assert letters("กิน", dictionary=thai) == ["กิน"]
    assert [(unit.first, unit.last) for unit in spell(["กิน"], thai, SIZE, 0).words[0]] == [(0, 2), (2, 3)]


def test_upper_case_letters_are_found() -> None:
    """A vocabulary in capitals spells the same words."""
    capitals = {key.upper() if len(key) == 1 else key: column for key, column in DICTIONARY.items()}
    assert letters("Hello,", dictionary=capitals) == ["HELLO"]


def test_a_letter_without_a_column_has_a_stand_in() -> None:
    """Letters that the network's output does not have, and the blank, are not used."""
    assert letters("a-b", dictionary={"-": 0, "a": 1, "b": SIZE + 5}) == ["a*"]


def test_neighbouring_stand_ins_differ() -> None:
    """Two digits need no blank between them."""
    tokens = spell(["12", "34"], DICTIONARY, SIZE, 0).tokens
    assert all(before != after for before, after in zip(tokens, tokens[1:], strict=False))


def hear(sounds: str, frames_each: int = 2) -> npt.NDArray[np.float32]:
    """Log probabilities of a network that hears these letters, a blank (_) after each."""
    labels = [0 if sound == "_" else DICTIONARY[sound] for sound in sounds for _ in range(frames_each)]
    probs = np.full((len(labels), SIZE), 1e-4)
    probs[np.arange(len(labels)), labels] = 1
    heard: npt.NDArray[np.float32] = np.log(probs / probs.sum(axis=1, keepdims=True)).astype(np.float32)
    return heard


def places(texts: list[str], sounds: str) -> list[tuple[int, int]]:
    """First and last frame of each word with letters."""
    heard = hear(sounds)
    spelling = spell(texts, DICTIONARY, SIZE, 0)
    (found,) = viterbi([Line(extend(heard, DICTIONARY, 0), spelling.tokens, spelling.gaps)])
    ends = list(accumulate(sum(len(unit.columns) for unit in units) for units in spelling.words))
    return [(found[first][0], found[last - 1][1]) for first, last in zip([0, *ends], ends, strict=False)]


def test_the_space_between_words_may_be_heard_or_not() -> None:
    """Words are found with and without the network's sign between them."""
    assert places(["ab", "cd"], "ab|cd") == [(0, 4), (6, 10)]
    assert places(["ab", "cd"], "abcd") == [(0, 4), (4, 8)]
    assert places(["ab", "cd"], "ab__||__cd") == [(0, 4), (16, 20)]


def test_a_number_takes_what_is_spoken_for_it() -> None:
    """The words beside a number keep their letters, and it has the sound between them."""
    (before, number, after) = places(["in", "20", "days"], "_i_n_|_t_w_e_n_t_y_|_d_a_y_s_")
    assert before == (2, 8)
    assert after == (42, 56)
    assert 10 <= number[0] <= 16
    assert 32 <= number[1] <= 38


def test_a_number_does_not_take_the_pause_beside_it() -> None:
    """Silence after a number is nobody's."""
    number = places(["20", "ab"], "_t_w_e_n_t_y_" + "_" * 50 + "ab")[0]
    assert number[1] <= 26
