from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.transcript.label_matching import match_labels, optimal_pairs

tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=width, max_size=width)
)


@given(tables)
def test_pairs_have_the_least_and_the_greatest_sum(table: list[list[int]]) -> None:
    """No other one-to-one choice of columns has a lesser or a greater sum."""
    sums = [sum(table[row][column] for row, column in enumerate(order)) for order in permutations(range(len(table)))]
    assert sum(table[row][column] for row, column in optimal_pairs(table)) == min(sums)
    assert sum(table[row][column] for row, column in optimal_pairs(table, maximize=True)) == max(sums)


def test_tables_may_be_wide_or_empty() -> None:
    """There are as many pairs as the shorter side has entries."""
    assert optimal_pairs([[3.0, 1.0, 2.0]]) == [(0, 1)]
    assert optimal_pairs([]) == optimal_pairs([[]]) == []


def test_labels_are_matched_for_the_greatest_total() -> None:
    """A label gives up its best match if the total is greater; one that shares nothing has no match."""
    assert match_labels({("A", "x"): 5, ("A", "y"): 4, ("B", "x"): 4, ("C", "y"): 0}) == {"A": "y", "B": "x"}
    assert match_labels({}) == {}
