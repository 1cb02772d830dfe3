"""Voices heard in several blocks of a recording, brought together; where they come from is clustering's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Rule:
    """Voices closer than `threshold` are one, those of a smaller weight nobody; `least` to `most` shall be left.

    How far apart two clusters of unit vectors are, is the distance of their centroids, or with `average` the root
    mean square of the distances from each of the one to each of the other.
    """

    threshold: float
    min_weight: float = 1
    least: int = 1
    most: int | None = None
    average: bool = False


def link(vectors: npt.NDArray[np.float32], weights: npt.NDArray[np.float32], rule: Rule) -> npt.NDArray[np.int64]:
    """The number `(voices,)` of the speaker of each of the `vectors` `(voices, dim)`, from 0; -1 for nobody.

    Agglomerative clustering, as of the `weights` many unit vectors that each of the `vectors` is the mean of. Where
    the threshold leaves too few or too many speakers, it is moved as little as need be. If none is heavy enough,
    they are one.
    """
    import numpy as np

    distances, labels = _merges(vectors, weights, rule.average)
    heavy = [_heavy(row, weights, rule.min_weight) for row in labels]
    wished = int(np.sum(np.maximum.accumulate(distances) <= rule.threshold))

    def misses(step: int) -> tuple[int, int]:
        found = len(heavy[step])
        return max(0, rule.least - found, found - (rule.most or found)), abs(step - wished)

    step = min(range(len(labels)), key=misses)
    if not len(heavy[step]):
        return np.zeros(len(vectors), np.int64)
    numbers = {int(label): number for number, label in enumerate(heavy[step])}
    return np.array([numbers.get(int(label), -1) for label in labels[step]], np.int64)


def _merges(
    vectors: npt.NDArray[np.float32], weights: npt.NDArray[np.float32], average: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """How far apart the clusters were that were merged `(voices - 1,)`, and who is where after each merge.

    The labels `(voices, voices)` have a row before the first merge and one after each.
    """
    import numpy as np

    count = len(vectors)
    centres, sizes = vectors.astype(np.float64), weights.astype(np.float64)
    apart = np.stack([_distances(centres, centre, average) for centre in centres])
    np.fill_diagonal(apart, np.inf)
    labels = np.tile(np.arange(count), (count, 1))
    distances = np.zeros(count - 1)
    for step in range(count - 1):
        kept, gone = sorted(divmod(int(np.argmin(apart)), count))
        distances[step] = apart[kept, gone]
        centres[kept] = np.average(centres[[kept, gone]], axis=0, weights=sizes[[kept, gone]])
        sizes[kept] += sizes[gone]
        apart[gone] = apart[:, gone] = np.inf
        others = np.flatnonzero(np.isfinite(apart[kept]))
        apart[kept, others] = apart[others, kept] = _distances(centres[others], centres[kept], average)
        labels[step + 1 :][:, labels[step] == gone] = kept
    return distances, labels


def _distances(
    centres: npt.NDArray[np.float64], centre: npt.NDArray[np.float64], average: bool
) -> npt.NDArray[np.float64]:
    """How far from one of the `centres` `(voices, dim)`, means of unit vectors, each of them is, `(voices,)`."""
    import numpy as np

    if average:  # of |x - y|² = 2 - 2xy the mean over all x and y is 2 less twice the product of their means
        return np.asarray(np.sqrt(np.maximum(0.0, 2 - 2 * centres @ centre)))
    return np.asarray(np.linalg.norm(centres - centre, axis=1))


def _heavy(labels: npt.NDArray[np.int64], weights: npt.NDArray[np.float32], least: float) -> npt.NDArray[np.int64]:
    """The labels whose voices weigh at least so much together, in order of their first voice."""
    import numpy as np

    found: npt.NDArray[np.int64] = np.flatnonzero(np.bincount(labels, weights, len(labels)) >= least)
    return found
