"""The time-constrained word error rate: words match only if their times are close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.evaluation.metrics.error_rates import ErrorRate
from meetscribe.evaluation.words import ScoredWord
from meetscribe.timeline import Seconds

Numbers: TypeAlias = npt.NDArray[np.int64]

Row: TypeAlias = tuple[int, Numbers]
"""The first column of a row's band, and the fewest edits (Levenshtein 1966) in each column of the band.

Beyond the end of the band, each column costs one more edit.
"""


def timed_wer(reference: Sequence[ScoredWord], hypothesis: Sequence[ScoredWord], collar: Seconds) -> ErrorRate:
    """Return the word error rate between the words of two speakers, both in order of their starts.

    Words match only if the middle of the hypothesis word is less than `collar` seconds outside the reference word.
    Raises ValueError for a negative collar.
    """
    if collar < 0:
        raise ValueError(f"a collar must not be negative: {collar}")
    if not reference or not hypothesis:
        return ErrorRate(len(reference) + len(hypothesis), len(reference), len(hypothesis), len(reference), 0)
    table = _BandedTable(reference, hypothesis, collar)
    return table.count(table.rows())


class _BandedTable:
    """An edit distance table with a row per reference word, limited to a band of hypothesis words close in time."""

    def __init__(self, reference: Sequence[ScoredWord], hypothesis: Sequence[ScoredWord], collar: Seconds) -> None:
        codes: dict[str, int] = {}
        self._reference = [codes.setdefault(word.text, len(codes)) for word in reference]
        self._hypothesis = np.array([codes.setdefault(word.text, len(codes)) for word in hypothesis])
        # Whole milliseconds, so that sums are exact.
        margin = round(collar * 1000)
        self._middles = np.array([(round(1000 * word.start) + round(1000 * word.end)) / 2 for word in hypothesis])
        self._earliest = np.array([round(1000 * word.start) - margin for word in reference])
        self._latest = np.array([round(1000 * word.end) + margin for word in reference])
        # Row i and those before it match no column from _highs[i] on; row i and those after it none before _lows[i].
        first = np.searchsorted(np.maximum.accumulate(self._middles), self._earliest, side="right")
        last = np.searchsorted(np.minimum.accumulate(self._middles[::-1])[::-1], self._latest, side="left")
        self._lows = np.minimum.accumulate(first[::-1])[::-1].tolist()
        self._highs = np.maximum(np.maximum.accumulate(last), self._lows).tolist()

    def rows(self) -> list[Row]:
        """Return the rows of the table; the first row is for zero reference words."""
        columns = np.arange(len(self._hypothesis) + 1)
        rows = [(0, np.zeros(1, np.int64))]
        for index, (low, high) in enumerate(zip(self._lows, self._highs, strict=True)):
            before = _columns(rows[-1], low, high)
            offsets = columns[: len(before)]
            best = before + 1  # the reference word is deleted
            np.minimum(best[1:], before[:-1] + self._costs(index, low, high), out=best[1:])  # or matched or substituted
            best -= offsets  # or hypothesis words are inserted: the minimum over the earlier columns, plus the distance
            np.minimum.accumulate(best, out=best)
            best += offsets
            rows.append((low, best))
        return rows

    def _costs(self, index: int, low: int, high: int) -> Numbers:
        """Return the costs of matching a reference word: 0 if equal, 1 if different, 2 or more if not close in time."""
        middles = self._middles[low:high]
        close = (middles > self._earliest[index]) & (middles < self._latest[index])
        costs: Numbers = (self._hypothesis[low:high] != self._reference[index]) + 2 * ~close
        return costs

    def count(self, rows: list[Row]) -> ErrorRate:
        """Return the edits of one of the best paths through the rows."""
        row, column = len(self._reference), len(self._hypothesis)
        insertions = deletions = substitutions = 0
        edits = _edits_at(rows[row], column)
        while edits or (row and column):
            cost = self._match_cost(row, column)
            if cost is not None and _edits_at(rows[row - 1], column - 1) == edits - cost:
                substitutions += cost
                row, column, edits = row - 1, column - 1, edits - cost
                continue
            edits -= 1
            if row and _edits_at(rows[row - 1], column) == edits:
                deletions += 1
                row -= 1
            else:
                insertions += 1
                column -= 1
        return ErrorRate(
            insertions + deletions + substitutions, len(self._reference), insertions, deletions, substitutions
        )

    def _match_cost(self, row: int, column: int) -> int | None:
        """Return the cost of matching the words before a cell: 0 if equal, 1 if not; None if they cannot match."""
        if not row or column <= self._lows[row - 1]:
            return None
        middle = self._middles[column - 1]
        close = self._earliest[row - 1] < middle < self._latest[row - 1]
        return int(self._hypothesis[column - 1] != self._reference[row - 1]) if close else None


def _columns(row: Row, low: int, high: int) -> Numbers:
    """Return the edits of a row in the columns from `low` to `high`, both included."""
    start, edits = row
    inside = edits[low - start : high - start + 1]
    if high < start + len(edits):
        return inside
    beyond = np.arange(max(low, start + len(edits)), high + 1) - (start + len(edits) - 1) + edits[-1]
    return np.concatenate((inside, beyond))


def _edits_at(row: Row, column: int) -> int:
    """Return the edits of a row in a column."""
    start, edits = row
    last = len(edits) - 1
    return int(edits[min(column - start, last)]) + max(0, column - start - last)
