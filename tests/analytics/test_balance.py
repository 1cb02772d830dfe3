"""Balance of talk times: the limits, and the definition of the Gini coefficient over all pairs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.analytics.balance import dominance, entropy, gini

TIMES = st.lists(st.floats(0, 1e5), min_size=2, max_size=12).filter(lambda times: sum(times) > 1)


@given(TIMES)
def test_gini_is_the_mean_difference_of_pairs(times: list[float]) -> None:
    """The mean absolute difference of two different speakers, over twice the mean (the corrected coefficient)."""
    count = len(times)
    differences = sum(abs(a - b) for a in times for b in times) / (count * (count - 1))
    assert gini(times) == pytest.approx(differences / (2 * sum(times) / count), abs=2e-6)


@given(TIMES)
def test_balance_lies_between_0_and_1(times: list[float]) -> None:
    """Neither coefficient leaves its range, nor does the largest share."""
    for value in (gini(times), entropy(times), dominance(times)):
        assert value is not None
        assert 0 <= value <= 1


def test_balance_of_fewer_than_two_is_unknown() -> None:
    """One speaker is neither balanced nor not; without speech, nothing is known."""
    assert (gini([3.0]), entropy([3.0]), dominance([3.0])) == (None, None, 1.0)
    assert (gini([0.0, 0.0]), entropy([0.0, 0.0]), dominance([])) == (None, None, None)
