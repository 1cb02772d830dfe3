"""Clustering of local speakers: in one pass, or in blocks whose clusters are linked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pyannote.core import SlidingWindow, SlidingWindowFeature
from scipy.spatial.distance import cdist

from meetscribe.diarization.block_linking import LinkingRule, link_clusters
from meetscribe.diarization.windows import Windows

UNASSIGNED = -2
"""The label of a local speaker who is inactive or has no voiceprint."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """The speaker of each local speaker `(windows, speakers)`, or UNASSIGNED, and the centroids `(speakers, dim)`."""

    labels: npt.NDArray[np.int64]
    centroids: npt.NDArray[np.float32]


def cluster(windows: Windows, clustering: Any, rule: LinkingRule, block: int) -> Clusters:
    """Return the speakers of the windows, by a clustering of pyannote.audio.

    Its memory grows with the square of the number of windows. More than `block` windows are therefore clustered in
    blocks, whose clusters are linked by `rule`. Each local speaker is then assigned to the nearest centroid, as in
    pyannote.audio. The number of speakers in `rule` applies to the whole recording.
    """
    active = windows.active_speakers()
    if not windows.usable_voiceprints().any():
        dimension = windows.voiceprints.shape[2]
        return Clusters(np.where(active, 0, UNASSIGNED), np.zeros((0, dimension), np.float32))
    if len(windows) <= block:
        labels, centroids = _cluster_block(windows, clustering, rule)
    else:
        centroids = _linked_centroids(windows, clustering, rule, block)
        labels = np.concatenate([_nearest(part, centroids, clustering, rule) for part in _blocks(windows, block)])
    known = np.isfinite(windows.voiceprints).all(axis=2)
    return Clusters(np.where(active & known, labels, UNASSIGNED), centroids.astype(np.float32))


def _cluster_block(
    windows: Windows, clustering: Any, rule: LinkingRule
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the labels and centroids of pyannote.audio, which needs at least as many voiceprints as clusters."""
    frames = SlidingWindow(duration=windows.grid.hop, step=windows.grid.hop)
    usable = int(windows.usable_voiceprints().sum())
    max_clusters = min(rule.max_speakers or usable, usable)
    min_clusters = min(rule.min_speakers, max_clusters)
    labels, _, centroids = clustering(
        embeddings=windows.voiceprints.copy(),
        segmentations=SlidingWindowFeature(windows.active, frames),
        num_clusters=max_clusters if min_clusters == max_clusters else None,
        min_clusters=min_clusters,
        max_clusters=max_clusters,
    )
    return labels.astype(int), centroids


def _linked_centroids(windows: Windows, clustering: Any, rule: LinkingRule, block: int) -> npt.NDArray[np.float32]:
    """Return the centroids `(speakers, dim)` of the whole recording, from the clusters of its blocks."""
    directions, means, weights = [], [], []
    for part in _blocks(windows, block):
        usable = part.usable_voiceprints()
        if not usable.any():
            continue
        labels, _ = _cluster_block(part, clustering, LinkingRule(rule.threshold))
        voiceprints, clusters = part.voiceprints[usable], labels[usable]
        for label in np.unique(clusters[clusters >= 0]):
            own = voiceprints[clusters == label]
            directions.append(np.mean(own / np.linalg.norm(own, axis=1, keepdims=True), axis=0))
            means.append(own.mean(axis=0))
            weights.append(len(own))
    sizes, centroids = np.array(weights, np.float32), np.array(means)
    speakers = link_clusters(np.array(directions), sizes, rule)
    members = [speakers == speaker for speaker in range(speakers.max() + 1)]
    return np.array([np.average(centroids[own], axis=0, weights=sizes[own]) for own in members])


def _nearest(
    windows: Windows, centroids: npt.NDArray[np.float32], clustering: Any, rule: LinkingRule
) -> npt.NDArray[np.int64]:
    """Return the nearest centroid of each local speaker; distinct within a window if the clustering requires it."""
    count, speakers, dimension = windows.voiceprints.shape
    distance = cdist(windows.voiceprints.reshape(-1, dimension), centroids, metric=clustering.metric)
    similarity = np.nan_to_num(2 - distance.reshape(count, speakers, -1), nan=-1.0)
    similarity[~windows.active_speakers()] = -1.0
    fixed = len(centroids) in (rule.min_speakers, rule.max_speakers) and rule.min_speakers == rule.max_speakers
    if clustering.constrained_assignment and not fixed:
        return np.asarray(clustering.constrained_argmax(similarity).astype(int))
    return np.asarray(similarity.argmax(axis=2))


def _blocks(windows: Windows, size: int) -> Iterator[Windows]:
    """Yield the windows in blocks of equal length, at most `size`."""
    count = math.ceil(len(windows) / size)
    length = math.ceil(len(windows) / count)
    for first in range(0, len(windows), length):
        yield windows[first : first + length]
