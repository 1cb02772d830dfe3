"""Clusters of blocks are linked as agglomerative clustering links the points that they are the means of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from meetscribe.diarization.clustering.block_linking import LinkingRule, link_clusters


def partition(labels: object) -> list[list[int]]:
    """Return the sets of equal labels, in order."""
    groups: dict[int, list[int]] = {}
    for index, label in enumerate(np.asarray(labels).tolist()):
        groups.setdefault(label, []).append(index)
    return sorted(groups.values())


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 25), st.floats(0.1, 3))
def test_clusters_of_equal_weight_are_linked_as_by_scipy(seed: int, count: int, threshold: float) -> None:
    vectors = np.random.default_rng(seed).normal(size=(count, 4)).astype(np.float32)
    ours = link_clusters(vectors, np.ones(count, np.float32), LinkingRule(threshold))
    if count == 1:
        assert ours.tolist() == [0]
        return
    # Ours stops at the first merge beyond the threshold; scipy also makes later merges that are closer again.
    tree = linkage(vectors.astype(np.float64), "centroid")
    tree[:, 2] = np.maximum.accumulate(tree[:, 2])
    assert partition(ours) == partition(fcluster(tree, threshold, "distance"))


def test_a_cluster_counts_as_often_as_its_weight() -> None:
    vectors = np.array([[0.0], [1.0], [2.2]], np.float32)
    assert link_clusters(vectors, np.array([1, 1, 1], np.float32), LinkingRule(1.5)).tolist() == [0, 0, 1]
    # Nine tenths of the first two are at 1: their centroid is at a distance of 1.3 from the third.
    assert link_clusters(vectors, np.array([1, 9, 1], np.float32), LinkingRule(1.5)).tolist() == [0, 0, 0]


def test_speakers_with_too_little_weight_are_dropped_unless_all_are() -> None:
    vectors = np.array([[0.0], [5.0], [10.0], [10.1]], np.float32)
    weights = np.array([20, 3, 8, 8], np.float32)
    assert link_clusters(vectors, weights, LinkingRule(1.0, min_weight=12)).tolist() == [0, -1, 1, 1]
    assert link_clusters(vectors, weights, LinkingRule(1.0, min_weight=99)).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("min_speakers", "max_speakers", "count"), [(1, None, 3), (1, 2, 2), (4, None, 4), (4, 4, 4), (5, 5, 4), (1, 1, 1)]
)
def test_the_number_of_speakers_overrides_the_threshold(
    min_speakers: int, max_speakers: int | None, count: int
) -> None:
    """The last two are too near to be two voices."""
    vectors = np.array([[0.0], [0.8], [10.0], [20.0], [20.1]], np.float32)
    found = link_clusters(vectors, np.full(5, 12, np.float32), LinkingRule(1.0, 12, min_speakers, max_speakers))
    assert found.max() + 1 == count and set(found.tolist()) == set(range(count))
