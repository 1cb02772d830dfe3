"""Lexical cohesion: the similarity of the words before and after a time."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from meetscribe.analytics.lexical.terms import Term
from meetscribe.timeline import Seconds

_WINDOW: Seconds = 60.0  # the "documents" of the inverse document frequency are windows of this length


def novelty(terms: Sequence[Term], times: Sequence[Seconds], reach: Seconds) -> list[float]:
    """Return 1 minus the cosine similarity of the terms within `reach` before and after each time: 0 to 1.

    `terms` are in order of time, and weighted by TF-IDF over windows of a minute (Salton and Buckley 1988), so that
    words used throughout the episode have little weight.
    """
    weights = _weights(terms)
    starts = [term.start for term in terms]
    values = []
    for time in times:
        first, middle, last = (bisect_left(starts, at) for at in (time - reach, time, time + reach))
        before, after = (_vector(terms[a:b], weights) for a, b in ((first, middle), (middle, last)))
        values.append(1.0 - _cosine(before, after))
    return values


def _weights(terms: Sequence[Term]) -> dict[str, float]:
    """Return the inverse document frequency of each term over the windows of the episode."""
    windows: defaultdict[int, set[str]] = defaultdict(set)
    for term in terms:
        windows[int(term.start // _WINDOW)].add(term.text)
    counts = Counter(text for texts in windows.values() for text in texts)
    return {text: math.log(1 + len(windows) / count) for text, count in counts.items()}


def _vector(terms: Sequence[Term], weights: Mapping[str, float]) -> dict[str, float]:
    counts = Counter(term.text for term in terms)
    return {text: (1 + math.log(count)) * weights[text] for text, count in counts.items()}


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return the cosine of two vectors, 0 if one is empty."""
    shared = sum(value * right[text] for text, value in left.items() if text in right)
    size = math.sqrt(sum(v * v for v in left.values()) * sum(v * v for v in right.values()))
    return min(1.0, shared / size) if size else 0.0
