"""Interpolation of the times of unaligned words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from meetscribe.text.splitting import spread
from meetscribe.timeline import Span


def interpolate(spans: Sequence[Span | None], texts: Sequence[str], within: Span) -> list[Span]:
    """Return all spans, with each gap between known spans divided among the missing ones by length of text.

    `within` limits the gaps at the start and the end. Known spans must be sorted, disjoint and inside `within`; they
    are returned unchanged.
    """
    complete: list[Span] = []
    for missing, group in groupby(range(len(spans)), key=lambda position: spans[position] is None):
        positions = list(group)
        if not missing:
            complete += [span for position in positions if (span := spans[position]) is not None]
            continue
        start = complete[-1].end if complete else within.start
        following = spans[positions[-1] + 1] if positions[-1] + 1 < len(spans) else None
        end = following.start if following is not None else within.end
        complete += spread([texts[position] for position in positions], Span(start, end))
    return complete
