"""Keep the pending words that the next hypothesis omits, as Whisper's sometimes do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from meetscribe.asr.quality.repetition import normalize_text
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word

_NEAR: Seconds = 0.1
"""The tolerance in comparing the times of two words."""
_LONGEST: Seconds = 1.0
"""The longest time of a word, measured back from its end, because its start is often in the pause before it."""


def with_missing(pending: Sequence[Word], words: Sequence[Word], firm: Collection[Word]) -> tuple[Word, ...]:
    """Return the words of a hypothesis, with the `firm` pending words at times where it has none.

    The text of a pending word may change, but a firm one is not dropped if it fits in time between the words beside it.
    """
    before, now = ([normalize_text(word.text) for word in each] for each in (pending, words))
    found: list[Word] = []
    for _, group in groupby(Levenshtein.opcodes(before, now), key=lambda edit: edit.tag == "equal"):
        edits = list(group)
        start, end = edits[0].dest_start, edits[-1].dest_end
        part = list(words[start:end])
        if edits[0].tag != "equal":
            earliest = words[start - 1].middle if start > 0 else float("-inf")
            latest = words[end].middle if end < len(words) else float("inf")
            missing = [word for word in pending[edits[0].src_start : edits[-1].src_end] if word in firm]
            fitting = (word for word in missing if earliest < word.middle < latest)
            part = [*part, *(word for word in fitting if not any(_covers(other, word) for other in part))]
        found += sorted(part, key=lambda word: word.end)
    return tuple(found)


def _covers(word: Word, other: Word) -> bool:
    """Return whether a word is at the time of another one."""
    start = max(word.start, word.end - _LONGEST)
    return start - _NEAR <= other.middle <= word.end + _NEAR
