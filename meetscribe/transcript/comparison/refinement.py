"""Exact alignment of the tokens around changes, by text, time and speaker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from rapidfuzz.distance import Indel

from meetscribe.timeline import Seconds
from meetscribe.transcript.comparison.tokens import Token, fold, tokens_of
from meetscribe.transcript.values import Transcript

Pair: TypeAlias = tuple[int | None, int | None]
"""The positions of a token in two copies; None for a copy that lacks it."""

CONTEXT = 6
"""The number of equal tokens on each side of a change that may be aligned differently."""

# Chosen by hand.
_MAX_CELLS = 40_000  # cells of the cost table; the tokens of a larger passage are paired one by one, in order
_COST_PER_SECOND = 0.1  # of difference in time, up to _MAX_TIME_COST
_MAX_TIME_COST = 0.3  # even with the cost of a speaker, less than an insertion or deletion
_SPEAKER_COST = 0.3  # the cost of a different speaker
_PUNCTUATION_COST = 0.05  # the cost of a difference in case or punctuation
_MIN_LETTER_SIMILARITY = 0.5  # below it, words count as entirely different


@dataclass(frozen=True, slots=True)
class Side:
    """The tokens of a transcript, with the letters of each, and the start (`times`) and end of its first word."""

    tokens: Sequence[Token]
    letters: Sequence[str]
    times: Sequence[Seconds]
    ends: Sequence[Seconds]

    @classmethod
    def of(cls, transcript: Transcript) -> Side:
        """Return the tokens of a transcript."""
        tokens, words = tokens_of(transcript.segments), transcript.words
        letters = [fold(token.key) for token in tokens]
        firsts = [words[token.words[0]] for token in tokens]
        return cls(tokens, letters, [word.start for word in firsts], [word.end for word in firsts])


def refine(before: Side, after: Side, old: range, new: range) -> Iterator[Pair]:
    """Yield the pairs of the alignment of two passages with the lowest cost.

    An insertion or deletion costs 1 and an equal token 0. A replacement costs 2 minus the share of equal letters
    (Indel), or 2 if less than half of them are equal. A difference in time or speaker adds a small cost, which decides
    between equal words.
    """
    if len(old) * len(new) > _MAX_CELLS:
        yield from zip_longest(old, new)
        return
    table = [[float(column) for column in range(len(new) + 1)]]
    for row, i in enumerate(old, start=1):
        above, costs = table[-1], [float(row)]
        for column, j in enumerate(new, start=1):
            paired = above[column - 1] + _cost(before, after, i, j)
            costs.append(min(paired, above[column] + 1, costs[-1] + 1))
        table.append(costs)
    yield from reversed(list(_path(table, before, after, old, new)))


def _path(table: Sequence[Sequence[float]], before: Side, after: Side, old: range, new: range) -> Iterator[Pair]:
    """Yield the pairs on the path of lowest cost, in reverse order."""
    row, column = len(old), len(new)
    while row or column:
        here = table[row][column]
        if row and column and here == table[row - 1][column - 1] + _cost(before, after, old[row - 1], new[column - 1]):
            row, column = row - 1, column - 1
            yield old[row], new[column]
        elif column and here == table[row][column - 1] + 1:
            column -= 1
            yield None, new[column]
        else:
            row -= 1
            yield old[row], None


def _cost(before: Side, after: Side, i: int, j: int) -> float:
    """Return the cost of pairing token `i` of one copy with token `j` of the other."""
    if before.letters[i] == after.letters[j]:
        text = 0.0 if before.tokens[i].key == after.tokens[j].key else _PUNCTUATION_COST
    else:
        alike = Indel.normalized_similarity(before.letters[i], after.letters[j])
        text = 2.0 - alike if alike >= _MIN_LETTER_SIMILARITY else 2.0
    time = min(_MAX_TIME_COST, abs(before.times[i] - after.times[j]) * _COST_PER_SECOND)
    return text + time + (_SPEAKER_COST if before.tokens[i].speaker != after.tokens[j].speaker else 0.0)
