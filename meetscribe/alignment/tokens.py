"""Words spelled in a network's letters, and what stands in for others; where they lie is ctc's matter."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_APOSTROPHES = "'’ʼ`´"
_SPOKEN = "%&@#"  # punctuation to Unicode, words to a speaker; so are symbols, such as $ and +
_PENALTY = 0.5  # nats that a stand-in costs per frame, so that a letter that fits is preferred
_BRIDGE = 2.0  # nats that it costs to rest on the blank while in a stand-in, as between the letters of a number


@dataclass(frozen=True, slots=True)
class Spelling:
    """The tokens of a text's words, as columns of what `extend` returns.

    `owners` says of which word each token is a letter, `gaps` where to rest before each token and at the end.
    """

    tokens: tuple[int, ...]
    owners: tuple[int, ...]
    gaps: tuple[int, ...]


def spell(texts: Sequence[str], dictionary: Mapping[str, int], size: int, blank: int) -> Spelling:
    """The words in the letters of `dictionary` (lower case to column), for a network of `size` columns.

    Punctuation takes no part. A letter or digit that the network does not have becomes a stand-in.
    """
    letters = {letter: column for letter, column in dictionary.items() if column not in (blank, None) and column < size}
    tokens: list[int] = []
    owners: list[int] = []
    for owner, text in enumerate(texts):
        for column in _columns(unicodedata.normalize("NFC", text), letters):
            # Two stand-ins differ, so that neighbouring ones need no blank between them.
            tokens.append(size + len(tokens) % 2 if column is None else column)
            owners.append(owner)
    between = size + 2
    inside = [blank if before == after else between for before, after in zip(owners, owners[1:], strict=False)]
    gaps = (between, *inside, between) if tokens else (between,)
    return Spelling(tuple(tokens), tuple(owners), gaps)


def extend(log_probs: npt.NDArray[np.floating], dictionary: Mapping[str, int], blank: int) -> npt.NDArray[np.float32]:
    """`log_probs` `(frames, size)` with three columns more: two stand-ins, and the gap between words.

    A stand-in is as likely as the likeliest letter of a frame, less a penalty; a gap is the blank or the
    network's sign for a space between words, whichever is likelier.
    """
    import numpy as np

    letters = np.delete(log_probs, blank, axis=1).max(axis=1)
    rest = log_probs[:, blank]
    stand_in = np.maximum(letters, rest - _BRIDGE) - _PENALTY
    separator = dictionary.get("|", dictionary.get(" ", blank))
    gap = np.maximum(rest, log_probs[:, separator])
    return np.column_stack([log_probs, stand_in, stand_in, gap]).astype(np.float32)


def _columns(text: str, letters: Mapping[str, int]) -> list[int | None]:
    """The column of each spoken character of a word; None where the network has none."""
    columns: list[int | None] = []
    for position, character in enumerate(text):
        if character in _APOSTROPHES:
            inside = text[max(0, position - 1) : position].isalpha() and text[position + 1 : position + 2].isalpha()
            if inside and "'" in letters:
                columns.append(letters["'"])
        elif _is_spoken(character):
            columns += _letters(character, letters)
        elif character in letters and unicodedata.category(character)[0] == "M":
            columns.append(letters[character])
    return columns


def _is_spoken(character: str) -> bool:
    """Whether a character is heard: letters, digits, symbols and signs that are read out."""
    return (unicodedata.category(character)[0] in "LNS" and character != "|") or character in _SPOKEN


def _letters(character: str, letters: Mapping[str, int]) -> list[int | None]:
    """The network's letters for a character: in its case or the other, "ss" for "ß", or without accent."""
    parts = unicodedata.normalize("NFKD", character.casefold())
    plain = "".join(part for part in parts if unicodedata.category(part)[0] != "M")
    for form in (character.lower(), character.upper(), character.casefold(), plain):
        if form and all(part in letters for part in form):
            return [letters[part] for part in form]
    return [None]
