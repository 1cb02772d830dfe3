"""Merge clusters of voiceprints down to a known number of speakers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

_SIZE_EXPONENT = 0.25
"""The weight of cluster sizes relative to distance: 0 is centroid linkage, 1 Ward's criterion.

Values from 0.25 to 1 are equally good on meetings of up to eight speakers, assembled from pieces of the tuning
recordings. With 0, a few windows of noise remain a speaker, and two voices are merged instead."""


def merge_clusters(
    centroids: npt.NDArray[np.floating], sizes: npt.NDArray[np.floating], count: int
) -> npt.NDArray[np.int64]:
    """Return the speaker `(clusters,)`, from 0, of each cluster, at most `count` speakers.

    `centroids` has the shape `(clusters, dim)`, `sizes` are the numbers of their voiceprints. The pair with the lowest
    cost is merged first: the squared distance times a power of s₁s₂ / (s₁ + s₂) for the sizes s₁ and s₂. With an
    exponent of 1, this is the increase of the sum of squares (Ward 1963). Small clusters are thus merged before large
    ones that are somewhat nearer to each other.
    """
    labels = np.arange(len(centroids))
    while len(centroids) > count:
        weight = sizes * sizes[:, None] / (sizes + sizes[:, None])
        cost = cdist(centroids, centroids, "sqeuclidean") * weight**_SIZE_EXPONENT
        np.fill_diagonal(cost, np.inf)
        kept, removed = sorted(divmod(int(cost.argmin()), len(centroids)))
        merged = np.average(centroids[[kept, removed]], axis=0, weights=sizes[[kept, removed]])
        total = sizes[kept] + sizes[removed]
        centroids, sizes = (np.delete(each, removed, axis=0) for each in (centroids, sizes))
        centroids[kept], sizes[kept] = merged, total
        labels[labels == removed] = kept
        labels[labels > removed] -= 1
    return labels
