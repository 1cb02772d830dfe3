"""Tokens of words in the vocabulary of an aligner, with wildcards for characters outside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.alignment.spoken_forms import verbalise

_Part: TypeAlias = tuple[int, int, tuple[int, ...]]
"""Start and end of a part of a word, half-open, and its columns; empty if the vocabulary lacks it."""

_APOSTROPHES = "'’ʼ`´"
_SPOKEN_PUNCTUATION = "%&@#°"  # Unicode classifies these as punctuation, unlike currency and mathematical symbols
# CTC networks emit the blank on most frames, even at the edges of words (Huang et al., 2024, correct this by the prior
# of each label). Therefore, this is subtracted from the log probability of the blank, and of the separator in a gap.
# This and the next two penalties were chosen by hand.
_BLANK_PENALTY = 2.0  # nats
_WILDCARD_PENALTY = 0.5  # nats per frame, so that a matching letter is preferred
_WILDCARD_BLANK_PENALTY = 2.0  # nats for the blank within a wildcard, for example between the letters of a number


@dataclass(frozen=True, slots=True)
class Unit:
    """A letter or a number in a word: its characters `first` to `last` (exclusive), which share tokens.

    `columns` are the columns of the tokens; if `is_wildcard`, they match any letter.
    """

    first: int
    last: int
    columns: tuple[int, ...]
    is_wildcard: bool = False


@dataclass(frozen=True, slots=True)
class TokenisedWords:
    """The units of each word, and `gaps`: the column of the gap before each token and at the end.

    Columns refer to the result of `extend_emissions`.
    """

    words: tuple[tuple[Unit, ...], ...]
    gaps: tuple[int, ...]

    @property
    def tokens(self) -> list[int]:
        """The columns of all units, in order."""
        return [column for units in self.words for unit in units for column in unit.columns]


def tokenise(
    texts: Sequence[str], dictionary: Mapping[str, int], size: int, blank: int, language: str = "und"
) -> TokenisedWords:
    """Return the tokens of words for a network with `size` columns; `dictionary` maps lower-case letters to columns.

    Punctuation has no tokens. Numbers and symbols have the tokens of their spoken form, if known for the language. Any
    other letter or digit outside the vocabulary becomes a wildcard.
    """
    letters = {letter: column for letter, column in dictionary.items() if column not in (blank, None) and column < size}
    wildcards, word_gap = (size, size + 1), size + 2  # the columns that `extend_emissions` adds
    words: list[tuple[Unit, ...]] = []
    gaps = [word_gap]
    position = 0
    for text in texts:
        units = []
        for first, last, columns in _parts(text, letters, language):
            # Two alternating wildcards, so that adjacent wildcards need no blank between them.
            units.append(Unit(first, last, columns or (wildcards[position % 2],), is_wildcard=not columns))
            position += len(units[-1].columns)
        tokens = [column for unit in units for column in unit.columns]
        # Between two wildcards of a word, the gap is the first wildcard. With the blank, a pause would be as likely
        # within a number as between two numbers.
        inside = [before if min(before, after) >= size else blank for before, after in pairwise(tokens)]
        gaps += [*inside, word_gap] if units else []
        words.append(tuple(units))
    return TokenisedWords(tuple(words), tuple(gaps))


def extend_emissions(
    log_probs: npt.NDArray[np.floating], dictionary: Mapping[str, int], blank: int
) -> npt.NDArray[np.float32]:
    """Return `log_probs` `(frames, size)` with a less likely blank and three more columns: two wildcards and a gap.

    The result has the shape `(frames, size + 3)`. A wildcard has the log probability of the most likely token in the
    frame other than the blank (a letter, the separator or a special token), or the reduced one of the blank less
    `_WILDCARD_BLANK_PENALTY` if that is higher, in each case less `_WILDCARD_PENALTY`.
    A gap between words is the blank or the separator, whichever is more likely.
    """
    separator = dictionary.get("|", dictionary.get(" ", blank))
    reduced_blank = log_probs[:, blank] - _BLANK_PENALTY
    gap = np.maximum(reduced_blank, log_probs[:, separator] - _BLANK_PENALTY)
    not_blank = np.delete(log_probs, blank, axis=1).max(axis=1)
    wildcard = np.maximum(not_blank, reduced_blank - _WILDCARD_BLANK_PENALTY) - _WILDCARD_PENALTY
    columns = np.column_stack([log_probs, wildcard, wildcard, gap]).astype(np.float32)
    columns[:, blank] = reduced_blank
    return columns


def is_spoken(character: str) -> bool:
    """Return whether a character is pronounced: letters, digits and some symbols, but not punctuation or emoji."""
    category = unicodedata.category(character)
    spoken = category[0] in "LN" or category in ("Sc", "Sm") or character in _SPOKEN_PUNCTUATION
    return spoken and character not in "|`´"  # the separator of vocabularies, and apostrophes


def _parts(text: str, letters: Mapping[str, int], language: str) -> Iterator[_Part]:
    """Yield the spoken parts of a word."""
    position = 0
    for first, last, spoken in verbalise(text, language):
        if columns := _columns(spoken, letters):
            yield from _characters(text, position, first, letters)
            yield first, last, columns
            position = last
    yield from _characters(text, position, len(text), letters)


def _columns(spoken: str, letters: Mapping[str, int]) -> tuple[int, ...]:
    """Return the columns of a spoken form, empty if the vocabulary lacks one of its letters."""
    normal = unicodedata.normalize("NFC", spoken)
    per_character = [_letter_columns(character, letters) for character in normal if is_spoken(character)]
    return tuple(column for columns in per_character for column in columns) if all(per_character) else ()


def _characters(text: str, first: int, last: int, letters: Mapping[str, int]) -> Iterator[_Part]:
    """Yield the spoken characters of `text[first:last]`, each with its combining marks."""
    while first < last:
        after = first + 1
        while after < last and unicodedata.category(text[after])[0] == "M":
            after += 1
        character, *marks = tuple(unicodedata.normalize("NFC", text[first:after]))
        columns = _letter_columns(character, letters)
        if character in _APOSTROPHES:
            inside = text[max(0, first - 1) : first].isalpha() and text[after : after + 1].isalpha()
            if inside and "'" in letters:
                yield first, after, (letters["'"],)
        elif is_spoken(character) or (columns and unicodedata.category(character)[0] == "M"):
            yield first, after, (*columns, *(letters[mark] for mark in marks if mark in letters and columns))
        first = after


def _letter_columns(character: str, letters: Mapping[str, int]) -> tuple[int, ...]:
    """Return the columns of a character, empty if the vocabulary lacks it.

    It is looked up in lower case, in upper case, folded ("ß" as "ss"), and without its accents.
    """
    parts = unicodedata.normalize("NFKD", character.casefold())
    plain = "".join(part for part in parts if unicodedata.category(part)[0] != "M")
    for form in (character.lower(), character.upper(), character.casefold(), plain):
        if form and all(part in letters for part in form):
            return tuple(letters[part] for part in form)
    return ()
