"""The comparison of two systems on the same recordings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on the same recordings: the numbers of recordings on which the first is better, worse or equal.

    `difference` is the overall rate of the first minus the rate of the second, `interval` its 95 % confidence interval,
    and `p_value` the probability of such a difference between equal systems, None for fewer than 6 recordings.
    """

    wins: int
    losses: int
    ties: int
    difference: float | None
    interval: tuple[float, float] | None
    p_value: float | None
