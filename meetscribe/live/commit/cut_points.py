"""Choose where to cut a long window: at a committed word, preferably at a pause or the end of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.live.protocols import Hypothesis
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word

_REACH: Seconds = 6.0
"""How far before the end of the last committed word the cut may lie."""
_SENTENCE_BONUS: Seconds = 0.5
"""The pause that the end of a sentence is worth when cuts are compared."""
_KEPT: Seconds = 5.0
"""The audio that is kept at the end of a full window when its pending words are committed."""
_UNHEARD: Seconds = 1.0
"""The audio that is kept at the end of a full window without words: a word may have begun."""
_SHORTEST: Seconds = 1.0
"""The shortest audio that a cut removes."""


def cut_at_committed(committed: Sequence[Word], pending: Sequence[Word], start: Seconds) -> Seconds | None:
    """Return the best time to cut a window, after a committed word; None without such a word.

    `start` is the time at which the window begins after its context. If possible, the cut lies before another known
    word, because the last word may not have ended yet.
    """
    following = [*committed[1:], *pending[:1]]
    best: tuple[float, Seconds] | None = None
    for index, word in enumerate(committed[: max(1, len(following))]):
        if word.end < start + _SHORTEST or word.end < committed[-1].end - _REACH:
            continue
        gap = max(0.0, following[index].start - word.end) if index < len(following) else 0.0
        value = gap + (_SENTENCE_BONUS if word.text[-1] in ".?!。？！" else 0.0)
        if best is None or value >= best[0]:
            best = value, word.end + gap / 2
    return None if best is None else best[1]


def cut_full_window(hypothesis: Hypothesis, start: Seconds) -> Seconds:
    """Return the time to cut a full window without committed words, after `start`, the end of its context."""
    end = hypothesis.span.end
    ends = [word.end for word in hypothesis.words if start + _SHORTEST <= word.end <= end - _KEPT]
    if ends:
        return ends[-1]
    return max(start + _SHORTEST, end - (_KEPT if hypothesis.words else _UNHEARD))
