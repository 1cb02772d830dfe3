"""Texts as lists of bare words, the rounds of a loop in them, and what two have in common; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from meetscribe.text.splitting import split_words

_ROUNDS = {1: 6, 2: 5, 3: 4, 4: 4, 5: 4, 6: 4, 7: 4}
"""How often words must come one after the other to be a loop, by their number; people do say "no" five times."""

_LONG_ROUNDS = 3  # of eight words or more


@dataclass(frozen=True, slots=True)
class Repetition:
    """The same `length` words `rounds` times over, from the word at index `start` on."""

    start: int
    length: int
    rounds: int

    @property
    def end(self) -> int:
        """The index after its last whole round."""
        return self.start + self.length * self.rounds


def normalize_text(text: str) -> str:
    """The letters and digits of a text, in lower case."""
    return "".join(character for character in text.casefold() if character.isalnum())


def normalize_words(text: str) -> list[str]:
    """The words of a text without case and punctuation; in unspaced scripts its characters.

    >>> normalize_words("Well -- it's DONE.")
    ['well', 'its', 'done']
    """
    return [word for word in map(normalize_text, split_words(text)) if word]


def find_repetitions(words: Sequence[str]) -> list[Repetition]:
    """The loops in a list of words, in order and disjoint, each with the shortest round that makes it."""
    found: list[Repetition] = []
    start = 0
    while start < len(words):
        loop = _loop_at(words, start)
        if loop is not None:
            found.append(loop)
        start = loop.end if loop is not None else start + 1
    return found


def max_repetitions(words: Sequence[str]) -> int:
    """How often the words of the longest loop are said; 0 without one."""
    return max((loop.rounds for loop in find_repetitions(words)), default=0)


def longest_common_run(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words the longest run of neighbours has that both lists share."""
    return SequenceMatcher(None, words, others, autojunk=False).find_longest_match().size


def similarity(text: str, other: str) -> float:
    """What share of the letters two texts have in common, in order, 0 to 1; 1 for two without any."""
    return SequenceMatcher(None, normalize_text(text), normalize_text(other), autojunk=False).ratio()


def _loop_at(words: Sequence[str], start: int) -> Repetition | None:
    """The loop that starts at this word, with the shortest round, if there is one."""
    for length in range(1, (len(words) - start) // _LONG_ROUNDS + 1):
        same = 0
        while start + same + length < len(words) and words[start + same] == words[start + same + length]:
            same += 1
        rounds = same // length + 1
        if rounds >= _ROUNDS.get(length, _LONG_ROUNDS):
            return Repetition(start, length, rounds)
    return None
