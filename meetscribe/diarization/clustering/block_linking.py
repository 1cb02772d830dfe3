"""Link the clusters of several blocks by agglomerative clustering with weighted centroids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meetscribe.diarization.clustering.merging import merge_clusters

SAME_VOICE = 0.7
"""Voiceprints nearer than this share of a tuned threshold are of one voice, which is never split. Otherwise, windows of
one voice that share most of their audio would become several consecutive speakers. Values from 0.6 to 0.8 are equally
good on excerpts of 10 to 40 s of the tuning meetings, the held-out meetings, the mixes and the call."""


@dataclass(frozen=True, slots=True)
class LinkingRule:
    """The rule by which clusters are joined: within a block by `agglomerate`, over several blocks by `link_clusters`.

    Clusters closer than `threshold`, a Euclidean distance between means of unit vectors (0 to 2), are one speaker.
    `min_weight` is the least number of voiceprints of a speaker: `link_clusters` drops smaller speakers, `agglomerate`
    assigns them to larger ones.

    The number of speakers should be `min_speakers` to `max_speakers`. To reach the minimum, clusters closer than the
    threshold are separated, but not those closer than `same_voice`, a share of the threshold; this share is 0 if the
    threshold is not tuned. `link_clusters` may also join clusters farther apart than the threshold, if that gives more
    speakers with at least `min_weight`.
    """

    threshold: float
    min_weight: float = 1
    min_speakers: int = 1
    max_speakers: int | None = None
    same_voice: float = SAME_VOICE


def link_clusters(
    vectors: npt.NDArray[np.float32], weights: npt.NDArray[np.float32], rule: LinkingRule
) -> npt.NDArray[np.int64]:
    """Return the speaker `(clusters,)`, from 0, of each of the `vectors` `(clusters, dim)`; -1 for dropped ones.

    This is agglomerative clustering by centroid linkage of weighted vectors: each is the mean of the voiceprints of a
    cluster, its weight their number. If the threshold gives too few speakers of enough weight, the nearest cut with
    enough of them, or else with the most, is used: after fewer merges, without splitting a voice (see `LinkingRule`),
    or after more merges, which can join small clusters into a speaker. Surplus speakers are merged (see
    `merge_clusters`). If no such cut has a speaker of enough weight, all clusters are one speaker.
    """
    distances, labels = _merges(vectors, weights)
    speakers = [_heavy_labels(row, weights, rule.min_weight) for row in labels]
    distances = np.maximum.accumulate(distances)
    at_threshold = int(np.sum(distances <= rule.threshold))  # merges
    fewest = int(np.sum(distances < rule.same_voice * rule.threshold))  # merges that do not split a voice

    def deviation(merges: int) -> tuple[int, int]:
        return max(0, rule.min_speakers - len(speakers[merges])), abs(merges - at_threshold)

    merges = min(range(fewest, len(labels)), key=deviation)
    if not len(speakers[merges]):
        return np.zeros(len(vectors), np.int64)
    numbers = {int(label): number for number, label in enumerate(speakers[merges])}
    cluster_speakers = np.array([numbers.get(int(label), -1) for label in labels[merges]], np.int64)
    if rule.max_speakers is None or len(numbers) <= rule.max_speakers:
        return cluster_speakers
    masks = [cluster_speakers == number for number in range(len(numbers))]
    centroids = np.array([np.average(vectors[mask], axis=0, weights=weights[mask]) for mask in masks])
    merged = merge_clusters(centroids, np.array([weights[mask].sum() for mask in masks]), rule.max_speakers)
    return np.where(cluster_speakers < 0, -1, merged[cluster_speakers])


def _merges(
    vectors: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the distance of each merge `(clusters - 1,)` and the labels after 0, 1, … merges.

    The labels have the shape `(clusters, clusters)`: a row before the first merge and one after each.
    """
    count = len(vectors)
    centroids, sizes = vectors.astype(np.float64), weights.astype(np.float64)
    between = np.linalg.norm(centroids[:, None] - centroids[None], axis=2)  # of each pair of clusters
    np.fill_diagonal(between, np.inf)
    labels = np.tile(np.arange(count), (count, 1))
    distances = np.zeros(count - 1)
    for step in range(count - 1):
        kept, removed = sorted(divmod(int(np.argmin(between)), count))
        distances[step] = between[kept, removed]
        centroids[kept] = np.average(centroids[[kept, removed]], axis=0, weights=sizes[[kept, removed]])
        sizes[kept] += sizes[removed]
        between[removed] = between[:, removed] = np.inf
        others = np.flatnonzero(np.isfinite(between[kept]))
        between[kept, others] = between[others, kept] = np.linalg.norm(centroids[others] - centroids[kept], axis=1)
        labels[step + 1 :][:, labels[step] == removed] = kept
    return distances, labels


def _heavy_labels(
    labels: npt.NDArray[np.int64], weights: npt.NDArray[np.float32], min_weight: float
) -> npt.NDArray[np.int64]:
    """Return the labels with a total weight of at least `min_weight`, in order of their first cluster."""
    heavy: npt.NDArray[np.int64] = np.flatnonzero(np.bincount(labels, weights, len(labels)) >= min_weight)
    return heavy
