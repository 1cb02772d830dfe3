"""Remove loops that continue across windows, each of which has too few repetitions to be detected alone."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.asr.quality.repetition import find_repetitions, normalize_text
from meetscribe.transcript import Word

_FEWEST = {1: 12, 2: 10}
"""The least number of repetitions of a loop, by its length in words: twice as many as within one window."""
_FEWEST_LONG = 8
"""The least number of repetitions of a loop of three or more words."""
_KEPT = 60
"""The number of committed words that are searched for the start of a loop."""


def without_loop(before: Sequence[Word], words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words to commit, with only the first round of a loop, which may be in the committed words `before`."""
    earlier = [word for word in before if normalize_text(word.text)][-_KEPT:]
    joined = [*earlier, *words]
    worded = [index for index, word in enumerate(joined) if normalize_text(word.text)]
    cut: set[int] = set()
    for loop in find_repetitions([normalize_text(joined[index].text) for index in worded]):
        if loop.count >= _FEWEST.get(loop.length, _FEWEST_LONG):
            cut |= set(worded[loop.start + loop.length : loop.end])
    return tuple(word for index, word in enumerate(joined) if index >= len(earlier) and index not in cut)
