"""Confidence intervals and significance of scores, by a bootstrap over recordings.

Each resample has as many recordings as the original, drawn with replacement and a fixed seed. Its rate is the sum of
its errors divided by the sum of its lengths (Efron 1979; Bisani and Ney, ICASSP 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.evaluation.comparison import Comparison
from meetscribe.evaluation.metrics.error_rates import Rate

Numbers: TypeAlias = npt.NDArray[np.float64]

RESAMPLES = 10_000
"""The number of resamples."""

MIN_RECORDINGS = 6
"""The minimum number of recordings for a p-value: with 5, even a system that is better on all has p = 1/16 in a sign
test, which is not significant."""


def interval(rates: Sequence[Rate]) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of the overall rate.

    None for fewer than two recordings, or if a resample has length 0.
    """
    resampled = _resampled(rates)
    return None if resampled is None else _central(resampled)


def compare(first: Sequence[Rate], second: Sequence[Rate], *, errors: bool = True) -> Comparison:
    """Compare two systems on the same recordings, in the same order.

    With `errors`, the rates are errors, and lower ones are better; otherwise higher ones are better.

    Raises ValueError if the numbers of rates differ.
    """
    gains = [_gain(*pair, errors) for pair in zip(first, second, strict=True)]
    resampled, others = _resampled(first), _resampled(second)
    rate, other_rate = _overall(first), _overall(second)
    difference = None if rate is None or other_rate is None else rate - other_rate
    differences = None if resampled is None or others is None else resampled - others
    return Comparison(
        wins=sum(gain > 0 for gain in gains),
        losses=sum(gain < 0 for gain in gains),
        ties=sum(gain == 0 for gain in gains),
        difference=difference,
        interval=None if differences is None else _central(differences),
        p_value=_p_value(differences, difference) if len(gains) >= MIN_RECORDINGS else None,
    )


def _gain(first: Rate, other: Rate, errors: bool) -> float:
    """Return by how much the first rate is better than the other, negative if it is worse; 0 if a rate is None."""
    if first.rate is None or other.rate is None:
        return 0.0
    return other.rate - first.rate if errors else first.rate - other.rate


def _overall(rates: Sequence[Rate]) -> float | None:
    """Return the rate of all recordings together."""
    part, whole = (
        (sum(numbers) for numbers in zip(*(rate.fraction for rate in rates), strict=True)) if rates else (0, 0)
    )
    return part / whole if whole else None


def _resampled(rates: Sequence[Rate]) -> Numbers | None:
    """Return the rate of each resample, `(RESAMPLES,)`; resamples depend only on the number of recordings."""
    if len(rates) < 2:
        return None
    generator = np.random.default_rng(0)
    counts = generator.multinomial(len(rates), np.full(len(rates), 1 / len(rates)), size=RESAMPLES)
    parts, wholes = (counts @ np.array([rate.fraction for rate in rates], float)).T
    return None if np.any(wholes == 0) else parts / wholes


def _central(numbers: Numbers) -> tuple[float, float]:
    """Return the central 95 % range."""
    low, high = np.quantile(numbers, [0.025, 0.975])
    return float(low), float(high)


def _p_value(differences: Numbers | None, difference: float | None) -> float | None:
    """Return the two-sided p-value of a difference (Berg-Kirkpatrick et al., EMNLP 2012).

    It is the share of the resamples, and of the observation itself, that differ from the observed difference by at
    least its absolute value; None if a rate is unknown.
    """
    if differences is None or difference is None:
        return None
    extreme = int((abs(differences - difference) >= abs(difference)).sum())
    return (extreme + 1) / (len(differences) + 1)
