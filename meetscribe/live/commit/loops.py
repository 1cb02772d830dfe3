"""Detect loops across windows, where each window alone repeats too little."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.asr.quality.repetition import find_repetitions, normalize_text
from meetscribe.transcript import Word

_FEWEST = {1: 12, 2: 10}
"""Rounds by the number of words from which a repetition is a loop; twice as many as within one window."""
_FEWEST_LONG = 8
_KEPT = 60
"""Committed words in which the start of a loop is looked for."""


def without_loop(before: Sequence[Word], words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words to commit, without those that only continue a loop in the words committed before."""
    earlier = [word for word in before if normalize_text(word.text)][-_KEPT:]
    joined = [*earlier, *words]
    worded = [index for index, word in enumerate(joined) if normalize_text(word.text)]
    cut: set[int] = set()
    for loop in find_repetitions([normalize_text(joined[index].text) for index in worded]):
        if loop.count >= _FEWEST.get(loop.length, _FEWEST_LONG):
            cut |= {index for index in worded[loop.start : loop.end] if index >= len(earlier)}
    return tuple(word for index, word in enumerate(joined) if index >= len(earlier) and index not in cut)
