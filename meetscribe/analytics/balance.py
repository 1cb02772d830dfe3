"""Measures of the balance of talk time among speakers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from meetscribe.timeline import Seconds


def gini(times: Sequence[Seconds]) -> float | None:
    """Return the Gini coefficient of talk times: 0 if all are equal, 1 if one speaker has all the time.

    The coefficient is multiplied by n / (n - 1), because a small group could not reach 1 otherwise (Deltas 2003). None
    with fewer than two speakers, or without speech.

    >>> gini([10.0, 10.0]), gini([10.0, 0.0, 0.0])
    (0.0, 1.0)
    """
    count, whole = len(times), math.fsum(times)
    if count < 2 or whole <= 0:
        return None
    ranked = math.fsum((2 * rank - count - 1) * time for rank, time in enumerate(sorted(times), start=1))
    return round(ranked / (count * whole) * count / (count - 1), 6)


def entropy(times: Sequence[Seconds]) -> float | None:
    """Return the entropy of the talk shares divided by log n: 1 if all are equal, 0 if one speaker has all the time.

    None with fewer than two speakers, or without speech.

    >>> entropy([10.0, 10.0]), entropy([10.0, 0.0])
    (1.0, 0.0)
    """
    whole = math.fsum(times)
    if len(times) < 2 or whole <= 0:
        return None
    shares = [share for time in times if (share := time / whole) > 0]
    return round(abs(math.fsum(share * math.log(share) for share in shares)) / math.log(len(times)), 6)


def dominance(times: Sequence[Seconds]) -> float | None:
    """Return the largest talk share, None without speech.

    >>> dominance([30.0, 10.0])
    0.75
    """
    whole = math.fsum(times)
    return round(max(times) / whole, 6) if whole > 0 else None
