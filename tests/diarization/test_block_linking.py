"""Voices of blocks are linked as agglomerative clustering would link all that they are the means of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.diarization.block_linking import Rule, link


def partition(labels: object) -> list[list[int]]:
    """Who is together, in order."""
    groups: dict[int, list[int]] = {}
    for index, label in enumerate(np.asarray(labels).tolist()):
        groups.setdefault(label, []).append(index)
    return sorted(groups.values())


@given(st.integers(0, 10_000), st.integers(1, 25), st.floats(0.1, 3))
def test_voices_of_one_weight_are_clustered_as_scipy_does(seed: int, count: int, threshold: float) -> None:
    from scipy.cluster.hierarchy import fcluster, linkage

    vectors = np.random.default_rng(seed).normal(size=(count, 4)).astype(np.float32)
    mine = link(vectors, np.ones(count, np.float32), Rule(threshold))
    if count == 1:
        assert mine.tolist() == [0]
        return
    # Both stop before the first merge beyond the threshold; scipy also makes later ones that are closer again.
    tree = linkage(vectors.astype(np.float64), "centroid")
    tree[:, 2] = np.maximum.accumulate(tree[:, 2])
    assert partition(mine) == partition(fcluster(tree, threshold, "distance"))


def test_a_voice_counts_as_often_as_its_weight() -> None:
    vectors = np.array([[0.0], [1.0], [2.2]], np.float32)
    assert link(vectors, np.array([1, 1, 1], np.float32), Rule(1.5)).tolist() == [0, 0, 1]
    # Nine tenths of the first two lie at 1: their centre is 1.3 from the third.
    assert link(vectors, np.array([1, 9, 1], np.float32), Rule(1.5)).tolist() == [0, 0, 0]


def test_who_weighs_too_little_is_nobody_and_if_all_do_they_are_one() -> None:
    vectors = np.array([[0.0], [5.0], [10.0], [10.1]], np.float32)
    weights = np.array([20, 3, 8, 8], np.float32)
    assert link(vectors, weights, Rule(1.0, min_weight=12)).tolist() == [0, -1, 1, 1]
    assert link(vectors, weights, Rule(1.0, min_weight=99)).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(("least", "most", "count"), [(1, None, 3), (1, 2, 2), (4, None, 4), (4, 4, 4), (1, 1, 1)])
def test_the_threshold_gives_way_to_a_number_of_speakers(least: int, most: int | None, count: int) -> None:
    vectors = np.array([[0.0], [0.6], [10.0], [20.0], [20.1]], np.float32)
    found = link(vectors, np.full(5, 12, np.float32), Rule(1.0, 12, least, most))
    assert found.max() + 1 == count and set(found.tolist()) == set(range(count))
