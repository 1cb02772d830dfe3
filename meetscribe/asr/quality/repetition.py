"""Normalised words, repetition loops in them, and the similarity of two texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from meetscribe.text.splitting import split_words

_MIN_COUNT = {1: 6, 2: 5, 3: 4, 4: 4, 5: 4, 6: 4, 7: 4}
"""The least repetitions of a loop, by its length in words; people do say "no" five times in a row."""

_MIN_COUNT_LONG = 3  # for eight words or more


@dataclass(frozen=True, slots=True)
class Repetition:
    """A round of `length` words that occurs `count` times in a row, from the word at index `start`."""

    start: int
    length: int
    count: int

    @property
    def end(self) -> int:
        """The index after the last complete round."""
        return self.start + self.length * self.count


def normalize_text(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return "".join(character for character in text.casefold() if character.isalnum())


def normalize_words(text: str) -> list[str]:
    """Return the words of a text without case and punctuation; in scripts without spaces, the characters.

    >>> normalize_words("Well -- it's DONE.")
    ['well', 'its', 'done']
    """
    return [word for word in map(normalize_text, split_words(text)) if word]


def find_repetitions(words: Sequence[str]) -> list[Repetition]:
    """Return the loops in a list of words, in order and disjoint, each with its shortest round."""
    repetitions: list[Repetition] = []
    start = 0
    while start < len(words):
        repetition = _repetition_at(words, start)
        if repetition is not None:
            repetitions.append(repetition)
        start = repetition.end if repetition is not None else start + 1
    return repetitions


def max_repetitions(words: Sequence[str]) -> int:
    """Return the highest count of all repetitions; 0 if there is none."""
    return max((repetition.count for repetition in find_repetitions(words)), default=0)


def longest_common_run(words: Sequence[str], others: Sequence[str]) -> int:
    """Return the length of the longest run of consecutive words that both lists contain."""
    return SequenceMatcher(None, words, others, autojunk=False).find_longest_match().size


def similarity(text: str, other: str) -> float:
    """Return the similarity of the letters of two texts, 0 to 1; 1 for two texts without letters."""
    return SequenceMatcher(None, normalize_text(text), normalize_text(other), autojunk=False).ratio()


def _repetition_at(words: Sequence[str], start: int) -> Repetition | None:
    """Return the loop that starts at this word, with its shortest round; None if there is none."""
    for length in range(1, (len(words) - start) // _MIN_COUNT_LONG + 1):
        same = 0
        while start + same + length < len(words) and words[start + same] == words[start + same + length]:
            same += 1
        count = same // length + 1
        if count >= _MIN_COUNT.get(length, _MIN_COUNT_LONG):
            return Repetition(start, length, count)
    return None
