"""Clusters in excess of a known number of speakers are merged, small ones before large ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from meetscribe.diarization.clustering.agglomerative import agglomerate
from meetscribe.diarization.clustering.block_linking import LinkingRule, link_clusters
from meetscribe.diarization.clustering.merging import merge_clusters
from tests.diarization.voices import voices


def noisy_meeting() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return 30 voiceprints of each of two similar voices, and five of a noise, which is farther from both."""
    rng = np.random.default_rng(3)
    centre = np.zeros((65, 30), np.float32)
    centre[:60, 0], centre[60:, 0], centre[60:, 5] = 1, 0.6, 0.8
    centre[:30, 1], centre[30:60, 1] = 0.5, -0.5
    return (centre + rng.normal(0, 0.02, centre.shape)).astype(np.float32)


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 10**6))
def test_as_many_clusters_are_left_as_wanted(clusters: int, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = merge_clusters(rng.normal(size=(clusters, 4)), rng.integers(1, 50, clusters).astype(float), count)
    assert set(labels.tolist()) == set(range(min(clusters, count)))


@settings(deadline=None)
@given(st.integers(2, 12), st.integers(0, 10**6))
def test_of_equally_large_clusters_the_nearest_are_merged(clusters: int, seed: int) -> None:
    centroids = np.random.default_rng(seed).normal(size=(clusters, 4))
    labels = merge_clusters(centroids, np.full(clusters, 7.0), clusters - 1)
    first, second = np.flatnonzero(labels == np.bincount(labels).argmax())
    assert squareform(pdist(centroids))[first, second] == pdist(centroids).min()


def test_noise_is_merged_before_two_voices() -> None:
    """Of three clusters, the small one is given up, although the other two are nearer to each other."""
    found = noisy_meeting()
    assert len(np.unique(agglomerate(found, LinkingRule(0.7, 4)))) == 3
    labels = agglomerate(found, LinkingRule(0.7, 4, 2, 2))
    assert len(np.unique(labels[:30])) == len(np.unique(labels[30:60])) == 1 and labels[0] != labels[30]


def test_noise_is_merged_before_two_voices_of_several_blocks() -> None:
    """The same holds for the clusters of blocks."""
    found = noisy_meeting()
    vectors = np.array([found[start : start + 5].mean(axis=0) for start in range(0, 65, 5)])
    labels = link_clusters(vectors, np.full(13, 5, np.float32), LinkingRule(0.7, 4, 2, 2))
    assert len(np.unique(labels[:6])) == len(np.unique(labels[6:12])) == 1 and labels[0] != labels[6]


def test_a_voice_in_two_clusters_becomes_one() -> None:
    """Two halves of a voice are merged before two voices of the same size."""
    found = voices([20, 20, 20], noise=0.2, seed=1)
    found[20:40] = found[:20] + np.float32(0.3) * found[20:40]
    labels = agglomerate(found, LinkingRule(0.2, 4, 2, 2))
    assert labels[0] == labels[20] != labels[40]
