"""Errors of words that have times: none stands for another that is said at another time; speakers are not here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.evaluation.rates import ErrorRate
from meetscribe.evaluation.spoken import Spoken
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers: TypeAlias = npt.NDArray[np.int64]


def timed_wer(reference: Sequence[Spoken], hypothesis: Sequence[Spoken], collar: Seconds) -> ErrorRate:
    """The word error rate of one speaker's words, in order of their start, against another's.

    Words stand for each other only if the middle of the hypothesis's lies less than `collar` seconds outside the
    reference's. Raises ValueError for a negative collar.
    """
    if collar < 0:
        raise ValueError(f"a collar must not be negative: {collar}")
    if not reference or not hypothesis:
        return ErrorRate(len(reference) + len(hypothesis), len(reference), len(hypothesis), len(reference), 0)
    costs = _Costs(reference, hypothesis, collar)
    return costs.count(costs.rows())


class _Costs:
    """What it costs that one word stands for another, in bands: of a word of the reference, the few near it."""

    def __init__(self, reference: Sequence[Spoken], hypothesis: Sequence[Spoken], collar: Seconds) -> None:
        import numpy as np

        codes: dict[str, int] = {}
        self._truth = [codes.setdefault(word.text, len(codes)) for word in reference]
        self._guess = np.array([codes.setdefault(word.text, len(codes)) for word in hypothesis])
        # Whole milliseconds: sums of them are exact.
        margin = round(collar * 1000)
        self._middles = np.array([(round(1000 * word.start) + round(1000 * word.end)) / 2 for word in hypothesis])
        self._since = np.array([round(1000 * word.start) - margin for word in reference])
        self._until = np.array([round(1000 * word.end) + margin for word in reference])
        # No word of the band's rows so far matches one after `_highs`, none of the rows to come one before `_lows`.
        first = np.searchsorted(np.maximum.accumulate(self._middles), self._since, side="right")
        last = np.searchsorted(np.minimum.accumulate(self._middles[::-1])[::-1], self._until, side="left")
        self._lows = np.minimum.accumulate(first[::-1])[::-1].tolist()
        self._highs = np.maximum(np.maximum.accumulate(last), self._lows).tolist()

    def rows(self) -> list[tuple[int, Numbers]]:
        """The least edits (Levenshtein 1966) up to each word of the reference, and before the first.

        A row starts at a count of words of the hypothesis, and goes on beyond its end by one more edit for each.
        """
        import numpy as np

        counts = np.arange(len(self._guess) + 1)
        rows = [(0, np.zeros(1, np.int64))]
        for place, (low, high) in enumerate(zip(self._lows, self._highs, strict=True)):
            before = _cut(rows[-1], low, high)
            count = counts[: len(before)]
            best = before + 1
            np.minimum(best[1:], before[:-1] + self._steps(place, low, high), out=best[1:])
            best -= count
            np.minimum.accumulate(best, out=best)
            best += count
            rows.append((low, best))
        return rows

    def _steps(self, place: int, low: int, high: int) -> Numbers:
        """For the words of the hypothesis from `low` up to `high`: 0 if it is the word, 1 another, 2 too far off."""
        middles = self._middles[low:high]
        near = (middles > self._since[place]) & (middles < self._until[place])
        steps: Numbers = (self._guess[low:high] != self._truth[place]) + 2 * ~near
        return steps

    def count(self, rows: list[tuple[int, Numbers]]) -> ErrorRate:
        """The edits of one of the shortest ways through the rows."""
        line, column = len(self._truth), len(self._guess)
        insertions = deletions = substitutions = 0
        edits = _cell(rows[line], column)
        while edits or (line and column):
            step = self._step(line, column)
            if step is not None and _cell(rows[line - 1], column - 1) == edits - step:
                substitutions += step
                line, column, edits = line - 1, column - 1, edits - step
                continue
            edits -= 1
            if line and _cell(rows[line - 1], column) == edits:
                deletions += 1
                line -= 1
            else:
                insertions += 1
                column -= 1
        return ErrorRate(insertions + deletions + substitutions, len(self._truth), insertions, deletions, substitutions)

    def _step(self, line: int, column: int) -> int | None:
        """0 if the last words of so many are the same, 1 if not; None where neither stands for the other."""
        if not line or column <= self._lows[line - 1]:
            return None
        middle = self._middles[column - 1]
        near = self._since[line - 1] < middle < self._until[line - 1]
        return int(self._guess[column - 1] != self._truth[line - 1]) if near else None


def _cut(row: tuple[int, Numbers], low: int, high: int) -> Numbers:
    """The row's edits for `low` to `high` words."""
    import numpy as np

    start, edits = row
    held = edits[low - start : high - start + 1]
    if high < start + len(edits):
        return held
    beyond = np.arange(max(low, start + len(edits)), high + 1) - (start + len(edits) - 1) + edits[-1]
    return np.concatenate((held, beyond))


def _cell(row: tuple[int, Numbers], column: int) -> int:
    """The row's edits for `column` words."""
    start, edits = row
    last = len(edits) - 1
    return int(edits[min(column - start, last)]) + max(0, column - start - last)
