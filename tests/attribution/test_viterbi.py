"""The sequence found is the best of all sequences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.attribution.viterbi import best_sequence


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    """Return the evidence of a few words for a few speakers, and the costs of change."""
    words, speakers = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    row = st.lists(st.integers(-9, 9), min_size=speakers, max_size=speakers)
    evidence = draw(st.lists(row, min_size=words, max_size=words))
    return evidence, draw(st.lists(st.integers(0, 9), min_size=words, max_size=words))


@settings(max_examples=200, deadline=None)
@given(problems())
def test_no_sequence_is_better(problem: tuple[list[list[int]], list[int]]) -> None:
    """The path has the total that is returned, which is the maximum over all sequences of speakers."""
    evidence, costs = problem

    def total(path: Sequence[int]) -> int:
        changes = sum(cost for before, after, cost in zip(path, path[1:], costs[1:], strict=False) if before != after)
        return sum(row[speaker] for row, speaker in zip(evidence, path, strict=True)) - changes

    path, best = best_sequence(np.array(evidence, dtype=float), np.array(costs, dtype=float))
    assert total(path.tolist()) == best == max(map(total, product(range(len(evidence[0])), repeat=len(evidence))))
