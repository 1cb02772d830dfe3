"""Whose voice it is in each window: one clustering, or one per block and the blocks' voices linked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meetscribe.diarization.block_linking import Rule, link
from meetscribe.diarization.windows import Windows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NOBODY = -2
"""The label of a local speaker who is silent, or cannot be told."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """The speaker `(windows, speakers)` of each local speaker, or NOBODY, and the voiceprints `(speakers, dim)`."""

    labels: npt.NDArray[np.int64]
    centroids: npt.NDArray[np.float32]


def cluster(windows: Windows, clustering: Any, rule: Rule, block: int) -> Clusters:
    """Who is whom in the windows, by a clustering of pyannote.audio.

    Its memory grows with the square of what it is given. So of more than `block` windows each block is
    clustered alone; the blocks' voices are linked as `rule` says, and each local speaker is then given to the
    closest of all voices, as pyannote.audio does within a block. The number of speakers in `rule` holds for
    the whole recording.
    """
    import numpy as np

    heard = windows.heard()
    if not windows.usable().any():
        dimension = windows.prints.shape[2]
        return Clusters(np.where(heard, 0, NOBODY), np.zeros((0, dimension), np.float32))
    if len(windows) <= block:
        labels, centroids = _clustered(windows, clustering, rule)
    else:
        centroids = _linked(windows, clustering, rule, block)
        labels = np.concatenate([_closest(part, centroids, clustering, rule) for part in _blocks(windows, block)])
    known = np.isfinite(windows.prints).all(axis=2)
    return Clusters(np.where(heard & known, labels, NOBODY), centroids.astype(np.float32))


def _clustered(windows: Windows, clustering: Any, rule: Rule) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The labels and centroids of pyannote.audio, which cannot make more clusters than there are voiceprints."""
    from pyannote.core import SlidingWindow, SlidingWindowFeature

    frames = SlidingWindow(duration=windows.grid.hop, step=windows.grid.hop)
    usable = int(windows.usable().sum())
    most = min(rule.most or usable, usable)
    least = min(rule.least, most)
    labels, _, centroids = clustering(
        embeddings=windows.prints.copy(),
        segmentations=SlidingWindowFeature(windows.active, frames),
        num_clusters=most if least == most else None,
        min_clusters=least,
        max_clusters=most,
    )
    return labels.astype(int), centroids


def _linked(windows: Windows, clustering: Any, rule: Rule, block: int) -> npt.NDArray[np.float32]:
    """The voiceprints `(speakers, dim)` of the whole recording, from those of its blocks."""
    import numpy as np

    units, means, weights = [], [], []
    for part in _blocks(windows, block):
        usable = part.usable()
        if not usable.any():
            continue
        labels, _ = _clustered(part, clustering, Rule(rule.threshold))
        prints, whose = part.prints[usable], labels[usable]
        for label in np.unique(whose[whose >= 0]):
            own = prints[whose == label]
            units.append(np.mean(own / np.linalg.norm(own, axis=1, keepdims=True), axis=0))
            means.append(own.mean(axis=0))
            weights.append(len(own))
    shares, voices = np.array(weights, np.float32), np.array(means)
    who = link(np.array(units), shares, rule)
    return np.array([np.average(voices[who == n], axis=0, weights=shares[who == n]) for n in range(who.max() + 1)])


def _closest(
    windows: Windows, centroids: npt.NDArray[np.float32], clustering: Any, rule: Rule
) -> npt.NDArray[np.int64]:
    """The closest centroid to each local speaker; two of one window share it only if the clustering allows."""
    import numpy as np
    from scipy.spatial.distance import cdist

    count, speakers, dimension = windows.prints.shape
    apart = cdist(windows.prints.reshape(-1, dimension), centroids, metric=clustering.metric)
    near = np.nan_to_num(2 - apart.reshape(count, speakers, -1), nan=-1.0)
    near[~windows.heard()] = -1.0
    forced = len(centroids) in (rule.least, rule.most) and rule.least == rule.most
    if clustering.constrained_assignment and not forced:
        return np.asarray(clustering.constrained_argmax(near).astype(int))
    return np.asarray(near.argmax(axis=2))


def _blocks(windows: Windows, size: int) -> Iterator[Windows]:
    """The windows in blocks of one length, at most `size` each."""
    count = math.ceil(len(windows) / size)
    length = math.ceil(len(windows) / count)
    for first in range(0, len(windows), length):
        yield windows[first : first + length]
