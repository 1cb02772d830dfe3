"""Times for the words that could not be found, between those that could; pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from meetscribe.text.splitting import spread
from meetscribe.timeline import Span


def fill(spans: Sequence[Span | None], texts: Sequence[str], within: Span) -> list[Span]:
    """The spans in order, those missing shared out by length of text between their neighbours.

    At the ends of the text `within` takes the place of a neighbour. Known spans must be in order, without
    overlap, and inside `within`; they are kept as they are.
    """
    filled: list[Span] = []
    for missing, group in groupby(range(len(spans)), key=lambda position: spans[position] is None):
        positions = list(group)
        if not missing:
            filled += [span for position in positions if (span := spans[position]) is not None]
            continue
        before = filled[-1].end if filled else within.start
        following = spans[positions[-1] + 1] if positions[-1] + 1 < len(spans) else None
        after = following.start if following is not None else within.end
        filled += spread([texts[position] for position in positions], Span(before, after))
    return filled
