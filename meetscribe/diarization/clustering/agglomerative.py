"""Agglomerative clustering of voiceprints by centroid linkage, with a known or an unknown number of speakers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from meetscribe.diarization.clustering.block_linking import LinkingRule
from meetscribe.diarization.clustering.merging import merge_clusters
from meetscribe.diarization.windows import MIN_EXCLUSIVE_SHARE, Windows
from meetscribe.timeline import Seconds

_CLUSTER_SIZE = 12  # windows, for a meeting; tuned in pyannote's pipeline 3.1
_MIN_CLUSTER_SIZE = 4  # windows, for a short recording
_MEETING: Seconds = 300.0  # duration from which a recording counts as a meeting
_MAX_SHARE = 0.1  # largest minimum cluster size, as a share of all voiceprints
_NEAR = 0.95
"""With fewer clusters at the threshold than known speakers, smaller distances are tried down to this share of the
threshold. Lower ones would split a voice: small clusters become speakers instead."""
_SHORT_SHARE = 0.05
"""The least share of a window that a speaker must speak alone for the voiceprint to be used, if there are fewer
clusters than known speakers."""


def cluster_size(duration: Seconds, step: float = 0.1) -> int:
    """Return the minimum number of windows of a speaker, for a recording of `duration` seconds.

    It is 12 from five minutes on, and less in a shorter recording, but at least 4. These numbers are for windows with a
    `step` of 0.1 of their length; with a longer step, there are fewer windows, and the number decreases in proportion.
    """
    size = min(_CLUSTER_SIZE, max(_MIN_CLUSTER_SIZE, _CLUSTER_SIZE * duration / _MEETING))
    return max(1, round(size * 0.1 / step))


def agglomerate(voiceprints: npt.NDArray[np.float32], rule: LinkingRule) -> npt.NDArray[np.int64]:
    """Return the speaker `(n,)`, from 0, of each of one or more `voiceprints` `(n, dim)`.

    As in pyannote.audio, clusters are formed at the threshold, and the members of clusters below the minimum size are
    assigned to the nearest larger one. Surplus speakers are merged (see `merge_clusters`). With too few, slightly
    smaller distances are tried (see `_NEAR`); then small clusters count as speakers, largest first, if necessary at
    distances down to the share `rule.same_voice` of the threshold. Splitting a voice is the most expensive error, so
    the result may have fewer speakers than the minimum.
    """
    vectors = voiceprints / np.linalg.norm(voiceprints, axis=1, keepdims=True)
    min_size = min(round(rule.min_weight), max(1, round(_MAX_SHARE * len(vectors))))
    labels, large = _Dendrogram(vectors).cut(rule, min_size)
    if not len(large):  # only if `rule.min_speakers` is 0
        return np.zeros(len(vectors), np.int64)
    centroids = _centroids(vectors, labels)
    nearest = cdist(centroids, centroids[large], metric="cosine").argmin(axis=1)
    nearest[large] = np.arange(len(large))
    speakers = nearest[labels]
    if rule.max_speakers is not None and len(large) > rule.max_speakers:
        sizes = np.bincount(speakers).astype(np.float64)
        speakers = merge_clusters(_centroids(vectors, speakers), sizes, rule.max_speakers)[speakers]
    return np.asarray(speakers, np.int64)


def _centroids(vectors: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Return the mean of the vectors of each label `(labels, dim)`."""
    return np.array([vectors[labels == label].mean(axis=0) for label in range(labels.max() + 1)])


def link(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], list[tuple[int, int]]]:
    """Return the distances `(n - 1,)` of the merges by centroid linkage, and the rows they join, second into first.

    This is the generic algorithm of Müllner (arXiv 1109.2378) on the full distance matrix, row by row. It is several
    times as fast as scipy's `linkage` for thousands of vectors of 192 dimensions.
    """
    clusters = _Clusters(vectors)
    distances, merges = np.zeros(max(0, len(vectors) - 1), np.float32), []
    for step in range(len(distances)):
        if 2 * clusters.removed_count >= len(clusters.rows):
            clusters.compact()
        kept, removed, square = clusters.closest()
        distances[step] = math.sqrt(max(0.0, square))
        merges.append((int(clusters.rows[kept]), int(clusters.rows[removed])))
        clusters.merge(kept, removed, square)
    return distances, merges


class _Clusters:
    """The squared distances between clusters, initially of single vectors.

    `rows` has the first vector of each, `removed_count` the number of clusters that were merged into others since the
    matrix was last compacted.

    `_lowest` has a lower bound of the distance from each cluster to its nearest neighbour, which is made exact only for
    the cluster with the lowest bound. Columns of removed clusters keep their old values, because writing a column is
    slow; `_gone` masks them until the matrix is compacted.
    """

    def __init__(self, vectors: npt.NDArray[np.float32]) -> None:
        self.rows = np.arange(len(vectors))
        self.removed_count = 0
        self._squares = _squared_distances(vectors)
        self._nearest = self._squares.argmin(axis=1)
        self._lowest = self._squares[self.rows, self._nearest]
        self._sizes, self._gone = np.ones(len(vectors)), np.zeros(len(vectors), np.float32)

    def closest(self) -> tuple[int, int, float]:
        """Return the two nearest clusters and their squared distance."""
        kept = int(self._lowest.argmin())
        while self._gone[self._nearest[kept]] or self._lowest[kept] < self._squares[kept, self._nearest[kept]]:
            self._find_nearest(kept, self._squares[kept] + self._gone)
            kept = int(self._lowest.argmin())
        return kept, int(self._nearest[kept]), float(self._lowest[kept])

    def merge(self, kept: int, removed: int, square: float) -> None:
        """Merge cluster `removed` into cluster `kept`, at the squared distance `square` from each other."""
        self._gone[removed] = self._lowest[removed] = np.inf
        self.removed_count += 1
        share = self._sizes[removed] / (self._sizes[kept] + self._sizes[removed])
        self._sizes[kept] += self._sizes[removed]
        row = _merged(self._squares[kept], self._squares[removed], share, square) + self._gone
        row[kept] = np.inf
        self._squares[kept], self._squares[:, kept] = row, row
        (closer,) = (row < self._lowest).nonzero()
        self._lowest[closer], self._nearest[closer] = row[closer], kept
        self._find_nearest(kept, row)

    def compact(self) -> None:
        """Drop removed clusters from the matrix, so that the remaining merges use shorter rows."""
        kept = np.flatnonzero(self._gone == 0)
        new_indices = np.full(len(self.rows), -1)
        new_indices[kept] = np.arange(len(kept))
        nearest = new_indices[self._nearest[kept]]
        # A cluster whose nearest neighbour was removed gets itself, infinitely far away, so `closest` searches again.
        self._nearest = np.where(nearest < 0, np.arange(len(kept)), nearest)
        for new, old in enumerate(kept):  # in place, because the matrix may have a hundred megabytes
            self._squares[new, : len(kept)] = self._squares[old, kept]
        self._squares = self._squares[: len(kept), : len(kept)]
        self.rows, self._lowest, self._sizes = self.rows[kept], self._lowest[kept], self._sizes[kept]
        self._gone, self.removed_count = self._gone[kept], 0

    def _find_nearest(self, cluster: int, row: npt.NDArray[np.float32]) -> None:
        """Set the nearest other cluster of a cluster from its squared distances to all."""
        self._nearest[cluster] = row.argmin()
        self._lowest[cluster] = row[self._nearest[cluster]]


def _merged(
    kept: npt.NDArray[np.float32], removed: npt.NDArray[np.float32], share: float, square: float
) -> npt.NDArray[np.float32]:
    """Return the squared distances `(n,)` of two merged clusters to the others, by the formula of Lance and Williams.

    `share` is the second cluster's share of the merged size, `square` the squared distance between the two.
    """
    return np.float32(1 - share) * kept + np.float32(share) * removed - np.float32((1 - share) * share * square)


def _squared_distances(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the squared distances `(n, n)` of all pairs of vectors by one matrix product, infinite on the diagonal."""
    norms = np.einsum("ij,ij->i", vectors, vectors)[:, None]
    ones = np.ones_like(norms)
    squares: npt.NDArray[np.float32] = np.hstack([-2 * vectors, norms, ones]) @ np.hstack([vectors, ones, norms]).T
    np.fill_diagonal(squares, np.inf)
    return squares


class AgglomerativeClustering:
    """A Clustering by `agglomerate`, with local speakers assigned to the nearest centroid.

    If there are fewer clusters than the minimum number of speakers, the voiceprints of short speech are also used, in
    order to find speakers who say little.
    """

    metric, distinct = "cosine", False

    def cluster(self, windows: Windows, rule: LinkingRule) -> tuple[None, npt.NDArray[np.float32]]:
        """Return no labels, and the centroids `(speakers, dim)`."""
        # First only with distances of about the threshold (`same_voice=1.0`) if it is tuned, then with short speech and
        # smaller distances.
        without_split = replace(rule, same_voice=1.0) if rule.same_voice else rule
        for share, attempt_rule in ((MIN_EXCLUSIVE_SHARE, without_split), (_SHORT_SHARE, rule)):
            voiceprints = windows.voiceprints[windows.usable_voiceprints(share)]
            labels = agglomerate(voiceprints, attempt_rule)
            if labels.max() + 1 >= rule.min_speakers:
                break
        return None, _centroids(voiceprints, labels)


class _Dendrogram:
    """The merges of unit vectors, by the distance of their centroids."""

    def __init__(self, vectors: npt.NDArray[np.float32]) -> None:
        self._count = len(vectors)
        distances, self._merges = link(vectors)
        # A merge may bring a centroid nearer to another, so make the distances monotonic in the order of merges.
        self._distances = np.maximum.accumulate(distances)

    def cut(self, rule: LinkingRule, min_size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the cluster of each vector, and the clusters that are speakers, possibly more than the maximum."""
        merges = int(np.sum(self._distances <= rule.threshold))
        labels, large = self._clusters_after(merges, min_size)
        if len(large) < rule.min_speakers:
            return self._cut_for_more_speakers(merges, rule, min_size)
        return labels, large

    def _cut_for_more_speakers(
        self, at_threshold: int, rule: LinkingRule, min_size: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return a cut with the minimum number of speakers, or fewer if more would split a voice.

        `at_threshold` is the number of merges at the threshold, which leave too few large clusters. The cut has at most
        as many; if it has as many, small clusters are speakers too.
        """
        wanted = min(rule.min_speakers, self._count)
        fewest = int(np.sum(self._distances < _NEAR * rule.threshold))
        for merges in range(at_threshold - 1, fewest - 1, -1):
            labels, large = self._clusters_after(merges, min_size)
            if len(large) >= wanted:
                return labels, large[:wanted]
        fewest = int(np.sum(self._distances < rule.same_voice * rule.threshold))
        # `count - wanted` merges leave as many clusters of any size as there are wanted speakers.
        labels, speakers = self._clusters_after(max(fewest, min(at_threshold, self._count - wanted)), 1)
        return labels, np.sort(speakers[:wanted])

    def _clusters_after(self, merges: int, min_size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the clusters after `merges` merges, and those of at least `min_size`, largest first."""
        labels = np.arange(self._count)
        for kept, removed in reversed(self._merges[:merges]):  # the last first, so that labels reach all members
            labels[removed] = labels[kept]
        labels = np.unique(labels, return_inverse=True)[1]
        sizes = np.bincount(labels)
        order = np.argsort(-sizes, kind="stable")
        return labels, order[sizes[order] >= min_size]
