"""Fusion of several lists of hits by reciprocal rank (Cormack, Clarke & Büttcher 2009)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from meetscribe.library.values import Hit

CONSTANT = 60
"""The constant k of the paper: a larger value reduces the advantage of the first ranks over the next."""


def fuse(lists: Sequence[Sequence[Hit]], limit: int) -> tuple[Hit, ...]:
    """Return the best hits of several lists; the score of a hit is the sum of its reciprocal ranks.

    A passage in several lists keeps the kind of its word match. Hits with equal scores keep the order of the lists.
    """
    first: dict[tuple[str, int], Hit] = {}
    scores: dict[tuple[str, int], float] = {}
    for hits in lists:
        for rank, hit in enumerate(hits, 1):
            key = (hit.meeting.id, hit.passage.position)
            if key not in first or first[key].kind == "meaning":
                first[key] = hit
            scores[key] = scores.get(key, 0.0) + 1 / (CONSTANT + rank)
    ordered = sorted(first, key=lambda key: -scores[key])[:limit]
    return tuple(replace(first[key], score=scores[key]) for key in ordered)
