"""Find the words of a hypothesis that follow the committed words.

A window is recognised repeatedly, so a hypothesis begins with words that are already committed, perhaps with other
times and spellings. Times jitter by several tenths of a second, and words repeat, so neither times nor texts
suffice alone: an alignment compares both (weighted edit distance; words after the end of the known ones cost nothing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from meetscribe.asr.quality.repetition import normalize_text
from meetscribe.transcript import Word

# Chosen by hand.
_GAP = 0.7  # cost of a word without a counterpart
_DIFFERENT = 1.0  # cost of two different words
_PER_SECOND = 0.25  # cost per second between their middles, up to 2 s
_TOLERANCE = 0.1  # seconds by which the middle of an old word may exceed the end of the committed words


def words_after(
    committed: Sequence[Word], hypothesis: Sequence[Word], pending: Sequence[Word] = ()
) -> tuple[Word, ...]:
    """Return the words of a hypothesis after the committed words of the same window.

    After the last committed word that the hypothesis repeats, a word is new if its middle lies after the end of the
    committed words. If the hypothesis repeats the last committed word, every word after it is new. `pending` are the
    words after the committed ones in an earlier hypothesis: from the first word that repeats one of them, every word is
    new too. The starts of returned words are not before the end of the committed ones.
    """
    if not committed or not hypothesis:
        return tuple(hypothesis)
    pairs = _matches([*committed, *pending], hypothesis)
    known = [(row, column) for row, column in pairs if row < len(committed)]
    # The last repeated committed word, the word that repeats it, and the first word that repeats a pending one.
    repeated, last = known[-1] if known else (-1, -1)
    following = min((column for row, column in pairs if row >= len(committed)), default=len(hypothesis))
    end = committed[-1].end
    found = [
        word
        for column, word in enumerate(hypothesis)
        if column > last and (repeated == len(committed) - 1 or column >= following or word.middle > end + _TOLERANCE)
    ]
    return tuple(replace(word, start=max(word.start, end), end=max(word.end, end)) for word in found)


def _matches(known: Sequence[Word], hypothesis: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the index pairs (known, hypothesis) of words with the same text in the best alignment, in order."""
    costs, found = _costs(known, hypothesis), []
    row = len(known)
    column = min(range(len(hypothesis) + 1), key=lambda k: costs[row][k])
    while row > 0 and column > 0:
        pair = _pair_cost(known[row - 1], hypothesis[column - 1])
        if costs[row][column] == costs[row - 1][column - 1] + pair:
            row, column = row - 1, column - 1
            if pair < _DIFFERENT:
                found.append((row, column))
        elif costs[row][column] == costs[row - 1][column] + _GAP:
            row -= 1
        else:
            column -= 1
    return found[::-1]


def _costs(known: Sequence[Word], hypothesis: Sequence[Word]) -> list[list[float]]:
    """Return the cost of aligning each prefix of the known words with each prefix of the hypothesis."""
    rows = [[column * _GAP for column in range(len(hypothesis) + 1)]]
    for word in known:
        above, row = rows[-1], [rows[-1][0] + _GAP]
        for column, other in enumerate(hypothesis):
            row.append(min(above[column] + _pair_cost(word, other), above[column + 1] + _GAP, row[column] + _GAP))
        rows.append(row)
    return rows


def _pair_cost(word: Word, other: Word) -> float:
    """Return the cost of matching two words; at least _DIFFERENT for different texts."""
    distance = min(abs(word.middle - other.middle), 2.0) * _PER_SECOND
    return distance + (0.0 if normalize_text(word.text) == normalize_text(other.text) else _DIFFERENT)
