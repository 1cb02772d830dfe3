"""Confidence intervals and p-values of the bootstrap over recordings."""

from __future__ import annotations

import pytest

from meetscribe.evaluation import Rate, compare, interval
from meetscribe.evaluation.metrics.error_rates import ErrorRate


def rates(*errors: int) -> list[Rate]:
    return [ErrorRate(count, 100, 0, count, 0) for count in errors]


def test_the_interval_contains_the_rate_and_is_reproducible() -> None:
    some = rates(1, 5, 9, 4, 6, 30)
    found = interval(some)
    assert found is not None
    assert found[0] < 55 / 600 < found[1]
    assert interval(some) == found
    assert interval(rates(7, 7, 7)) == (0.07, 0.07)
    assert interval(rates(7)) is None


def test_an_empty_reference_has_no_interval() -> None:
    empty = [ErrorRate(0, 0, 0, 0, 0), ErrorRate(1, 0, 1, 0, 0)]
    assert interval(empty) is None
    assert compare(empty, empty).difference is None


def test_a_consistent_difference_is_significant_and_a_mixed_one_is_not() -> None:
    consistent = compare(rates(1, 2, 3, 4, 5, 6, 7, 8), rates(5, 6, 7, 8, 9, 10, 11, 13))
    assert (consistent.wins, consistent.losses, consistent.ties) == (8, 0, 0)
    assert consistent.p_value is not None
    assert consistent.p_value < 0.01
    mixed = compare(rates(1, 9, 1, 9, 1, 9, 5, 5), rates(9, 1, 9, 1, 9, 1, 5, 4))
    assert (mixed.wins, mixed.losses, mixed.ties) == (3, 4, 1)
    assert mixed.p_value is not None
    assert mixed.p_value > 0.5


def test_fewer_than_six_recordings_have_no_p_value() -> None:
    assert compare(rates(1, 2), rates(5, 6)).p_value is None
    assert compare(rates(1, 2, 3, 4, 5, 6), rates(5, 6, 7, 8, 9, 9)).p_value is not None


def test_higher_rates_are_better_for_metrics_that_do_not_count_errors() -> None:
    assert compare(rates(1), rates(5), errors=False).losses == 1


def test_systems_with_different_numbers_of_recordings_are_rejected() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare(rates(1, 2), rates(1))
