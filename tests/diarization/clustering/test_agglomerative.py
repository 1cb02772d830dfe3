"""Voiceprints are clustered as by pyannote.audio; a known number of speakers does not split a voice if others exist."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage

from meetscribe.diarization.clustering.agglomerative import agglomerate, cluster_size, link
from meetscribe.diarization.clustering.block_linking import LinkingRule
from meetscribe.runtime import silence, telemetry
from tests.diarization.voices import voices


def partition(labels: npt.NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)}


def theirs(
    voiceprints: npt.NDArray[np.float32], threshold: float, size: int, most: int | None = None
) -> npt.NDArray[np.int64]:
    """Return the clusters of pyannote.audio."""
    telemetry.switch_off()
    with silence.loading():
        from pyannote.audio.pipelines.clustering import AgglomerativeClustering
    clustering = AgglomerativeClustering(metric="cosine")
    clustering.instantiate({"method": "centroid", "threshold": threshold, "min_cluster_size": size})
    count = len(voiceprints)
    return np.asarray(clustering.cluster(voiceprints.copy(), min_clusters=1, max_clusters=most or count))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 60), st.integers(0, 10**6))
def test_the_merges_are_those_of_scipy(count: int, seed: int) -> None:
    """The distances of all merges are the same, in the same order."""
    vectors = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    distances, merges = link(vectors)
    np.testing.assert_allclose(distances, linkage(vectors, "centroid")[:, 2], rtol=1e-4)
    assert len({removed for _, removed in merges}) == count - 1


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=5),
    noise=st.floats(0.1, 0.9),
    threshold=st.floats(0.4, 1.3),
    size=st.integers(1, 6),
    seed=st.integers(0, 10**6),
)
def test_the_clusters_are_those_of_pyannote(
    sizes: list[int], noise: float, threshold: float, size: int, seed: int
) -> None:
    """Without a known number of speakers, at any threshold and minimum size."""
    found = voices(sizes, noise, seed)
    assert partition(agglomerate(found, LinkingRule(threshold, size))) == partition(theirs(found, threshold, size))


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=5),
    noise=st.floats(0.1, 0.9),
    low=st.integers(1, 6),
    more=st.integers(0, 3),
    seed=st.integers(0, 10**6),
)
def test_the_number_of_speakers_is_in_the_range(sizes: list[int], noise: float, low: int, more: int, seed: int) -> None:
    """If a voice may be split, the minimum is reached whenever there are as many voiceprints."""
    labels = agglomerate(voices(sizes, noise, seed), LinkingRule(0.8, 4, low, low + more, same_voice=0.0))
    count = len(np.unique(labels))
    assert labels.max() + 1 == count and min(low, len(labels)) <= count <= low + more


def test_a_rare_speaker_is_found_if_the_number_is_known() -> None:
    """A voice of two windows is no speaker by itself, but one if three are known: no other voice is split."""
    found = voices([20, 20, 2], noise=0.3, seed=1)
    assert len(np.unique(agglomerate(found, LinkingRule(0.8, 4)))) == 2
    known = agglomerate(found, LinkingRule(0.8, 4, 3, 3))
    assert partition(known) == {frozenset(range(20)), frozenset(range(20, 40)), frozenset({40, 41})}


def test_a_voice_is_not_split_to_reach_the_number() -> None:
    found = voices([20, 20], noise=0.1, seed=1)
    assert len(np.unique(agglomerate(found, LinkingRule(0.8, 4, 4, 4)))) == 2


def test_similar_voices_are_separated_if_the_number_is_known() -> None:
    """Two voices just below the threshold are separated, rather than a short noise made a speaker."""
    rng = np.random.default_rng(2)
    centre = np.zeros((41, 30), np.float32)
    centre[:20, 0], centre[20:40, 0], centre[40, 5] = 1, 1, 1
    centre[:20, 1], centre[20:40, 1] = 0.42, -0.42
    found = (centre + rng.normal(0, 0.02, centre.shape)).astype(np.float32)
    assert len(np.unique(agglomerate(found, LinkingRule(0.8, 4)))) == 1
    labels = agglomerate(found, LinkingRule(0.8, 4, 2, 2))
    assert len(np.unique(labels[:20])) == len(np.unique(labels[20:40])) == 1 and labels[0] != labels[20]


@pytest.mark.parametrize("speakers", [None, 1, 3])
def test_a_single_voiceprint_is_one_speaker(speakers: int | None) -> None:
    assert agglomerate(np.ones((1, 4), np.float32), LinkingRule(0.8, 4, speakers or 1, speakers)).tolist() == [0]


def test_the_minimum_cluster_size_is_smaller_for_short_recordings() -> None:
    assert [cluster_size(seconds) for seconds in (0, 30, 100, 200, 300, 3600)] == [4, 4, 4, 8, 12, 12]
    assert cluster_size(3600, step=0.2) == 6
