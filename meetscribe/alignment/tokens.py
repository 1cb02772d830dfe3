"""Words spelled in a network's letters, and what stands in for others; where they lie is ctc's matter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from meetscribe.alignment.spoken_forms import verbalise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_APOSTROPHES = "'’ʼ`´"
_SPOKEN = "%&@#°"  # punctuation to Unicode, words to a speaker; so are the symbols of money and of mathematics
# A network trained with CTC says nothing on most frames, so also at the edges of words where there is something
# (Huang et al., 2024, correct this with the frequency of each label): nats taken off wherever it says nothing.
_SILENCE = 2.0
_PENALTY = 0.5  # nats that a stand-in costs per frame, so that a letter that fits is preferred
_BRIDGE = 2.0  # nats that it costs to rest on the blank while in a stand-in, as between the letters of a number


@dataclass(frozen=True, slots=True)
class Unit:
    """What is spelled together in a word: its characters from `first` up to `last`, a letter or a number.

    `columns` are its tokens; where `own` is false they are stand-ins.
    """

    first: int
    last: int
    columns: tuple[int, ...]
    own: bool = True


@dataclass(frozen=True, slots=True)
class Spelling:
    """The units of each word that are heard, and `gaps`, where to rest before each token and at the end.

    Columns are those of what `extend` returns.
    """

    words: tuple[tuple[Unit, ...], ...]
    gaps: tuple[int, ...]

    @property
    def tokens(self) -> list[int]:
        """The columns of all units, in order."""
        return [column for units in self.words for unit in units for column in unit.columns]


def spell(
    texts: Sequence[str], dictionary: Mapping[str, int], size: int, blank: int, language: str = "und"
) -> Spelling:
    """The words in the letters of `dictionary` (lower case to column), for a network of `size` columns.

    Punctuation takes no part. Numbers and symbols are spelled as they are read out, where that is known for the
    language. Any other letter or digit that the network does not have becomes a stand-in.
    """
    letters = {letter: column for letter, column in dictionary.items() if column not in (blank, None) and column < size}
    words: list[tuple[Unit, ...]] = []
    gaps = [size + 2]
    place = 0
    for text in texts:
        units = []
        for first, last, columns in _spelled(text, letters, language):
            # Two stand-ins differ, so that neighbouring ones need no blank between them.
            units.append(Unit(first, last, columns or (size + place % 2,), own=bool(columns)))
            place += len(units[-1].columns)
        tokens = [column for unit in units for column in unit.columns]
        # Between two stand-ins a path rests on the first: of two numbers, the pause is not in one of them.
        inside = [before if min(before, after) >= size else blank for before, after in pairwise(tokens)]
        gaps += [*inside, size + 2] if units else []
        words.append(tuple(units))
    return Spelling(tuple(words), tuple(gaps))


def extend(log_probs: npt.NDArray[np.floating], dictionary: Mapping[str, int], blank: int) -> npt.NDArray[np.float32]:
    """`log_probs` `(frames, size)` with silence less likely, and three columns more: two stand-ins, and a gap.

    A stand-in is as likely as the likeliest letter of a frame, less a penalty; a gap, between words, is the blank
    or the network's sign for a space, whichever is likelier.
    """
    import numpy as np

    separator = dictionary.get("|", dictionary.get(" ", blank))
    rest = log_probs[:, blank] - _SILENCE
    gap = np.maximum(rest, log_probs[:, separator] - _SILENCE)
    stand_in = np.maximum(np.delete(log_probs, blank, axis=1).max(axis=1), rest - _BRIDGE) - _PENALTY
    columns = np.column_stack([log_probs, stand_in, stand_in, gap]).astype(np.float32)
    columns[:, blank] = rest
    return columns


def is_heard(character: str) -> bool:
    """Whether a character is read out: letters, digits and signs, but no punctuation and no picture."""
    category = unicodedata.category(character)
    return (category[0] in "LN" or category in ("Sc", "Sm") or character in _SPOKEN) and character not in "|`´"


def _spelled(text: str, letters: Mapping[str, int], language: str) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """The parts of a word that are heard: where each starts and ends, and its columns, none if it has no letters."""
    position = 0
    for first, last, said in verbalise(text, language):
        if columns := _columns_of(said, letters):
            yield from _as_written(text, position, first, letters)
            yield first, last, columns
            position = last
    yield from _as_written(text, position, len(text), letters)


def _columns_of(said: str, letters: Mapping[str, int]) -> tuple[int, ...]:
    """The columns of words that are read out; none at all if one of their letters is not known."""
    found = [_letters(character, letters) for character in unicodedata.normalize("NFC", said) if is_heard(character)]
    return tuple(column for columns in found for column in columns) if all(found) else ()


def _as_written(
    text: str, first: int, last: int, letters: Mapping[str, int]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """The parts of `text[first:last]`, each a character with the marks upon it."""
    while first < last:
        after = first + 1
        while after < last and unicodedata.category(text[after])[0] == "M":
            after += 1
        character, *marks = tuple(unicodedata.normalize("NFC", text[first:after]))
        columns = _letters(character, letters)
        if character in _APOSTROPHES:
            inside = text[max(0, first - 1) : first].isalpha() and text[after : after + 1].isalpha()
            if inside and "'" in letters:
                yield first, after, (letters["'"],)
        elif is_heard(character) or (columns and unicodedata.category(character)[0] == "M"):
            yield first, after, (*columns, *(letters[mark] for mark in marks if mark in letters and columns))
        first = after


def _letters(character: str, letters: Mapping[str, int]) -> tuple[int, ...]:
    """The network's letters for a character: in its case or the other, "ss" for "ß", or without accent."""
    parts = unicodedata.normalize("NFKD", character.casefold())
    plain = "".join(part for part in parts if unicodedata.category(part)[0] != "M")
    for form in (character.lower(), character.upper(), character.casefold(), plain):
        if form and all(part in letters for part in form):
            return tuple(letters[part] for part in form)
    return ()
