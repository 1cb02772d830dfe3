"""Clustering by a component of pyannote.audio, such as VBx."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pyannote.core import SlidingWindow, SlidingWindowFeature

from meetscribe.diarization.clustering.block_linking import LinkingRule
from meetscribe.diarization.windows import Windows
from meetscribe.runtime import silence


class PyannoteClustering:
    """A Clustering by `inner`, an instantiated clustering of pyannote.audio."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.metric = str(inner.metric)
        self.distinct = bool(inner.constrained_assignment)

    def cluster(self, windows: Windows, rule: LinkingRule) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Return the labels and centroids of pyannote.audio; the counts are limited to the number of voiceprints."""
        positions = SlidingWindow(duration=windows.grid.hop, step=windows.grid.hop)
        usable = int(windows.usable_voiceprints().sum())
        parameters = self._inner.parameters(instantiated=True)
        if "min_cluster_size" in parameters:
            self._inner.instantiate({**parameters, "min_cluster_size": round(rule.min_weight)})
        max_clusters = min(rule.max_speakers or usable, usable)
        min_clusters = min(rule.min_speakers, max_clusters)
        with silence.silenced():
            labels, _, centroids = self._inner(
                embeddings=windows.voiceprints.copy(),
                segmentations=SlidingWindowFeature(windows.active, positions),
                num_clusters=max_clusters if min_clusters == max_clusters else None,
                min_clusters=min_clusters,
                max_clusters=max_clusters,
            )
        return labels.astype(int), centroids
