"""One list of hits from several, by reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from meetscribe.library.values import Hit

CONSTANT = 60
"""The constant of the paper: the larger, the less the first places of a list weigh more than the next."""


def fuse(lists: Sequence[Sequence[Hit]], limit: int) -> tuple[Hit, ...]:
    """Return the best hits of several lists, each with the sum of its reciprocal ranks as the score.

    A passage in several lists has the kind by which its words match. Of equal scores, that of the earlier list comes
    first.
    """
    first: dict[tuple[str, int], Hit] = {}
    scores: dict[tuple[str, int], float] = {}
    for hits in lists:
        for rank, hit in enumerate(hits, 1):
            place = (hit.meeting.id, hit.passage.position)
            if place not in first or first[place].kind == "meaning":
                first[place] = hit
            scores[place] = scores.get(place, 0.0) + 1 / (CONSTANT + rank)
    ordered = sorted(first, key=lambda place: -scores[place])[:limit]
    return tuple(replace(first[place], score=scores[place]) for place in ordered)
