"""Voices heard in several blocks of a recording, brought together; where they come from is clustering's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Rule:
    """Voices closer than `threshold` are one, those of a smaller weight nobody; `least` to `most` shall be left."""

    threshold: float
    min_weight: float = 1
    least: int = 1
    most: int | None = None


def link(vectors: npt.NDArray[np.float32], weights: npt.NDArray[np.float32], rule: Rule) -> npt.NDArray[np.int64]:
    """The number `(voices,)` of the speaker of each of the `vectors` `(voices, dim)`, from 0; -1 for nobody.

    Agglomerative clustering by the distance of centroids, as of the `weights` many points that each vector is
    the mean of. Where the threshold leaves too few or too many speakers, it is moved as little as need be. If
    none is heavy enough, they are one.
    """
    import numpy as np

    distances, labels = _merges(vectors, weights)
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
    vectors: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """How far apart the clusters were that were merged `(voices - 1,)`, and who is where after each merge.

    The labels `(voices, voices)` have a row before the first merge and one after each.
    """
    import numpy as np

    count = len(vectors)
    centres, sizes = vectors.astype(np.float64), weights.astype(np.float64)
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2)
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
        apart[kept, others] = apart[others, kept] = np.linalg.norm(centres[others] - centres[kept], axis=1)
        labels[step + 1 :][:, labels[step] == gone] = kept
    return distances, labels


def _heavy(labels: npt.NDArray[np.int64], weights: npt.NDArray[np.float32], least: float) -> npt.NDArray[np.int64]:
    """The labels whose voices weigh at least so much together, in order of their first voice."""
    import numpy as np

    found: npt.NDArray[np.int64] = np.flatnonzero(np.bincount(labels, weights, len(labels)) >= least)
    return found
