"""Local speakers are assigned to the nearest centroid, also if windows are clustered in blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.diarization.clustering.agglomerative import AgglomerativeClustering
from meetscribe.diarization.clustering.block_linking import LinkingRule
from meetscribe.diarization.clustering.local_speakers import UNASSIGNED, Clusters, cluster
from meetscribe.diarization.windows import Grid, Windows

GRID = Grid(hop=0.5, step=0.1, width=0.2)


def windows(speakers: npt.NDArray[np.int64]) -> Windows:
    """Return windows whose local speakers `(windows, 2)` talk one after the other; -1 is inactive."""
    active = np.zeros((len(speakers), 10, 2), np.bool_)
    active[:, :5, 0], active[:, 5:, 1] = speakers[:, :1] >= 0, speakers[:, 1:] >= 0
    voiceprints = np.where(speakers[..., None] >= 0, np.eye(4)[speakers], np.nan).astype(np.float32)
    return Windows(GRID, active.astype(np.float16), active, voiceprints, voiceprints[:, 0].copy())


def clustered(speakers: npt.NDArray[np.int64], block: int, rule: LinkingRule | None = None) -> Clusters:
    """Return the clusters of windows."""
    return cluster(windows(speakers), AgglomerativeClustering(), rule or LinkingRule(0.7), block)


@pytest.mark.parametrize("block", [4, 7, 100])
def test_the_clusters_are_the_speakers(block: int) -> None:
    """Each speaker has one label in all blocks; inactive local speakers have none."""
    rng = np.random.default_rng(0)
    speakers = np.array([rng.permutation(3)[:2] for _ in range(20)])
    speakers[::5, 1] = -1
    found = clustered(speakers, block)
    assert len(found.centroids) == 3
    assert (found.labels[speakers < 0] == UNASSIGNED).all()
    pairs = set(zip(speakers[speakers >= 0].tolist(), found.labels[speakers >= 0].tolist(), strict=True))
    assert len(pairs) == 3


def test_the_centre_of_a_window_has_the_nearest_speaker() -> None:
    """A voiceprint between two speakers is uncertain, as is none."""
    given = windows(np.array([[0, 1], [1, 0]] * 4))
    given.central[2] = given.voiceprints[0].sum(axis=0)
    given.central[3] = np.nan
    found = cluster(given, AgglomerativeClustering(), LinkingRule(0.7), 100)
    assert found.certainty[2:].round(3).tolist() == [0, 0, 1, 1, 1, 1]
    assert (found.central[4:] == found.labels[4:, 0]).all()


@pytest.mark.parametrize("block", [4, 100])
def test_the_number_of_speakers_may_be_fixed(block: int) -> None:
    speakers = np.array([[0, 1], [1, 2], [2, 0]] * 6)
    assert len(clustered(speakers, block, LinkingRule(0.7, 1, 2, 2)).centroids) == 2


def test_a_speaker_of_short_replies_is_found_if_the_number_is_known() -> None:
    """A voiceprint of less than a fifth of a window does not count otherwise."""
    given = windows(np.array([[0, 1]] * 12))
    given.active[:, :9, 0], given.active[:, :9, 1] = True, False
    for speakers in (None, 2):
        rule = LinkingRule(0.7, 1, speakers or 1, speakers)
        assert len(cluster(given, AgglomerativeClustering(), rule, 100).centroids) == (speakers or 1)


def test_without_usable_voiceprints_all_active_speakers_are_one() -> None:
    """There is no centroid."""
    speakers = np.array([[0, -1], [-1, -1]])
    given = windows(speakers)
    given.voiceprints[:] = np.nan
    found = cluster(given, AgglomerativeClustering(), LinkingRule(0.7), 10)
    assert found.labels.tolist() == [[0, UNASSIGNED], [UNASSIGNED, UNASSIGNED]]
    assert found.centroids.shape == (0, 4)
