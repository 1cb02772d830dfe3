"""Cluster local speakers in one pass, or in blocks whose clusters are linked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from meetscribe.diarization.clustering.block_linking import LinkingRule, link_clusters
from meetscribe.diarization.windows import Windows

_CERTAIN_LEAD = 0.3
"""The certainty is 1 if the nearest centroid is nearer to a voiceprint than the second nearest by this distance.

Chosen by hand."""

UNASSIGNED = -2
"""The label of a local speaker without activity or voiceprint, or for whom no centroid is left (as in pyannote)."""

_MIN_BLOCK_SHARE = 1 / 3  # minimum cluster size within a block, as a share of that of the recording


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """The speaker of each local speaker `(windows, local)`, or UNASSIGNED, and the centroids `(speakers, dim)`.

    `central` `(windows,)` is the speaker in the centre of each window, and `certainty` how much nearer the voiceprint
    is to the centroid of this speaker than to the next one, from 0 to 1.
    """

    labels: npt.NDArray[np.int64]
    centroids: npt.NDArray[np.float32]
    central: npt.NDArray[np.int64]
    certainty: npt.NDArray[np.float32]


class Clustering(Protocol):
    """A method that clusters the voiceprints of a recording or a block; at least one voiceprint must be usable.

    `metric` is the distance measure. With `distinct`, the local speakers of a window are different speakers.
    """

    metric: str
    distinct: bool

    def cluster(
        self, windows: Windows, rule: LinkingRule
    ) -> tuple[npt.NDArray[np.int64] | None, npt.NDArray[np.float32]]:
        """Return the labels `(windows, local)` of the local speakers, and the centroids `(speakers, dim)`.

        Labels may be None if each local speaker belongs to the nearest centroid.
        """


def cluster(windows: Windows, clustering: Clustering, rule: LinkingRule, block: int) -> Clusters:
    """Return the speakers of the windows; one speaker without a centroid if no voiceprint is usable.

    Clustering takes memory in proportion to the square of the number of windows. Therefore, more than `block` windows
    are clustered in blocks, whose clusters are linked by `rule`. Each local speaker is then assigned to the nearest
    centroid, as in pyannote.audio. The number of speakers in `rule` applies to the whole recording.
    """
    active = windows.active_speakers()
    if not windows.usable_voiceprints().any():
        dimension = windows.voiceprints.shape[2]
        centroids = np.zeros((0, dimension), np.float32)
        return Clusters(np.where(active, 0, UNASSIGNED), centroids, *_central_speakers(windows, centroids, clustering))
    labels = None
    if len(windows) <= block:
        labels, centroids = clustering.cluster(windows, rule)
    else:
        centroids = _linked_centroids(windows, clustering, rule, block)
    if labels is None:
        labels = np.concatenate([_nearest(part, centroids, clustering, rule) for part in _blocks(windows, block)])
    known = np.isfinite(windows.voiceprints).all(axis=2)
    central, certainty = _central_speakers(windows, centroids, clustering)
    return Clusters(np.where(active & known, labels, UNASSIGNED), centroids.astype(np.float32), central, certainty)


def _central_speakers(
    windows: Windows, centroids: npt.NDArray[np.float32], clustering: Clustering
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the speaker in the centre of each window `(windows,)`, and the certainty `(windows,)` from 0 to 1.

    Without a central voiceprint or a second centroid, they are 0.
    """
    central, certainty = np.zeros(len(windows), np.int64), np.zeros(len(windows), np.float32)
    known = np.flatnonzero(np.isfinite(windows.central).all(axis=1))
    if len(centroids) > 1 and len(known):
        distance = np.nan_to_num(cdist(windows.central[known], centroids, metric=clustering.metric), nan=2.0)
        central[known] = distance.argmin(axis=1)
        nearest, second = np.partition(distance, 1, axis=1)[:, :2].T
        certainty[known] = np.minimum((second - nearest) / _CERTAIN_LEAD, 1)
    return central, certainty


def _linked_centroids(
    windows: Windows, clustering: Clustering, rule: LinkingRule, block: int
) -> npt.NDArray[np.float32]:
    """Return the centroids `(speakers, dim)` of the whole recording, from the clusters of its blocks."""
    directions, means, weights = [], [], []
    # A smaller minimum size in a block, because the minimum of the rule applies to the sum over all blocks.
    block_rule = LinkingRule(rule.threshold, max(1, round(rule.min_weight * _MIN_BLOCK_SHARE)))
    for part in _blocks(windows, block):
        usable = part.usable_voiceprints()
        if not usable.any():
            continue
        labels, centroids = clustering.cluster(part, block_rule)
        labels = _nearest(part, centroids, clustering, block_rule) if labels is None else labels
        voiceprints, clusters = part.voiceprints[usable], labels[usable]
        for label in np.unique(clusters[clusters >= 0]):
            members = voiceprints[clusters == label]
            directions.append(np.mean(members / np.linalg.norm(members, axis=1, keepdims=True), axis=0))
            means.append(members.mean(axis=0))
            weights.append(len(members))
    sizes, centroids = np.array(weights, np.float32), np.array(means)
    speakers = link_clusters(np.array(directions), sizes, rule)
    masks = [speakers == speaker for speaker in range(speakers.max() + 1)]
    return np.array([np.average(centroids[mask], axis=0, weights=sizes[mask]) for mask in masks])


def _nearest(
    windows: Windows, centroids: npt.NDArray[np.float32], clustering: Clustering, rule: LinkingRule
) -> npt.NDArray[np.int64]:
    """Return the nearest centroid of each local speaker, `(windows, speakers)`, distinct if the clustering requires."""
    count, speakers, dimension = windows.voiceprints.shape
    distance = cdist(windows.voiceprints.reshape(-1, dimension), centroids, metric=clustering.metric)
    similarity = np.nan_to_num(2 - distance.reshape(count, speakers, -1), nan=-1.0)
    similarity[~windows.active_speakers()] = -1.0
    fixed = len(centroids) in (rule.min_speakers, rule.max_speakers) and rule.min_speakers == rule.max_speakers
    # With a forced number of clusters, pyannote.audio does not require distinct speakers either.
    if clustering.distinct and not fixed:
        return _distinct(similarity)
    return np.asarray(similarity.argmax(axis=2))


def _distinct(similarity: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return different speakers for the local speakers of each window, with the highest sum of similarities.

    Surplus local speakers are unassigned.
    """
    labels = np.full(similarity.shape[:2], UNASSIGNED)
    for row, window in zip(labels, similarity, strict=True):
        local, speakers = linear_sum_assignment(window, maximize=True)
        row[local] = speakers
    return labels


def _blocks(windows: Windows, size: int) -> Iterator[Windows]:
    """Yield the windows in blocks of equal length, at most `size`."""
    count = math.ceil(len(windows) / size)
    length = math.ceil(len(windows) / count)
    for first in range(0, len(windows), length):
        yield windows[first : first + length]
