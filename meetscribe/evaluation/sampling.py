"""How far a score may be due to the recordings that happen to be there: the bootstrap over recordings.

Recordings are drawn again with replacement, as many as there are, many times, always by the same chance; the rate
of each draw is its errors over its lengths (Efron 1979; Bisani and Ney, ICASSP 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.evaluation.rates import Rate

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers: TypeAlias = npt.NDArray[np.float64]

DRAWS = 10_000
FEWEST = 6
"""Recordings without which no test can find a difference: if one is better on all of 5, chance does that once in 16."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on the same recordings: on how many the first is better, worse or neither, and by how much in all.

    `difference` is the first's rate less the second's, `interval` holds 95 % of it over draws, and `chance` is how
    often draws differ as much from what is found, if there is no difference; None for fewer than 6 recordings.
    """

    wins: int
    losses: int
    ties: int
    difference: float | None
    interval: tuple[float, float] | None
    chance: float | None


def interval(rates: Sequence[Rate]) -> tuple[float, float] | None:
    """Where 95 % of the rates of draws lie; None for fewer than two recordings, or if nothing can be divided by."""
    drawn = _drawn(rates)
    return None if drawn is None else _middle(drawn)


def compare(first: Sequence[Rate], second: Sequence[Rate], *, errors: bool = True) -> Comparison:
    """The first system against the second, both on the same recordings; less is better if they are `errors`.

    Raises ValueError if the two have not as many rates.
    """
    gains = [_gain(one, other, errors) for one, other in zip(first, second, strict=True)]
    drawn, others = _drawn(first), _drawn(second)
    whole, against = _whole(first), _whole(second)
    difference = None if whole is None or against is None else whole - against
    spread = None if drawn is None or others is None else drawn - others
    return Comparison(
        wins=sum(gain > 0 for gain in gains),
        losses=sum(gain < 0 for gain in gains),
        ties=sum(gain == 0 for gain in gains),
        difference=difference,
        interval=None if spread is None else _middle(spread),
        chance=_chance(spread, difference) if len(gains) >= FEWEST else None,
    )


def _gain(one: Rate, other: Rate, errors: bool) -> float:
    """By how much one rate is better than another; 0 if there is none."""
    if one.rate is None or other.rate is None:
        return 0.0
    return other.rate - one.rate if errors else one.rate - other.rate


def _whole(rates: Sequence[Rate]) -> float | None:
    """The rate of all recordings."""
    part, whole = (
        (sum(numbers) for numbers in zip(*(rate.fraction for rate in rates), strict=True)) if rates else (0, 0)
    )
    return part / whole if whole else None


def _drawn(rates: Sequence[Rate]) -> Numbers | None:
    """The rate of each draw; of as many recordings the draws are the same."""
    import numpy as np

    if len(rates) < 2:
        return None
    chance = np.random.default_rng(0)
    times = chance.multinomial(len(rates), np.full(len(rates), 1 / len(rates)), size=DRAWS)
    parts, wholes = (times @ np.array([rate.fraction for rate in rates], float)).T
    return None if np.any(wholes == 0) else parts / wholes


def _middle(numbers: Numbers) -> tuple[float, float]:
    """The range that holds 95 % of the numbers."""
    import numpy as np

    low, high = np.quantile(numbers, [0.025, 0.975])
    return float(low), float(high)


def _chance(spread: Numbers | None, difference: float | None) -> float | None:
    """How often a draw lies as far from the difference as that lies from none (Berg-Kirkpatrick et al. 2012)."""
    if spread is None or difference is None:
        return None
    far = int((abs(spread - difference) >= abs(difference)).sum())
    return (far + 1) / (len(spread) + 1)
