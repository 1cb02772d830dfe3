"""Who talks in each frame of the recording, from overlapping windows whose speakers are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetscribe.diarization.clustering import Clusters
from meetscribe.diarization.windows import Grid, Windows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_BLOCK = 20_000
"""Frames put together at once, some five minutes."""


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """Which speakers talk in each frame, `together` and, at most one of them, `alone`: bool `(frames, speakers)`."""

    grid: Grid
    together: npt.NDArray[np.bool_]
    alone: npt.NDArray[np.bool_]


def reconstruct(windows: Windows, clusters: Clusters, most: int | None = None) -> Activity:
    """Who talks when, by the vote of all windows that a frame lies in.

    As many talk as the windows hear on average, but at most `most`; those whose scores add up to the highest.
    Blocks of frames are put together one by one, so that no more than one is held in floats.
    """
    import numpy as np

    speakers = max(1, len(clusters.centroids))
    frames = windows.grid.first_frame(len(windows) - 1) + windows.scores.shape[1]
    together = np.zeros((frames, speakers), np.bool_)
    alone = np.zeros((frames, speakers), np.bool_)
    for first in range(0, frames, _BLOCK):
        last = min(first + _BLOCK, frames)
        votes, talking = _votes(windows, clusters, first, last, speakers)
        limit = np.minimum(talking, speakers if most is None else min(most, speakers))
        rank = (-votes).argsort(axis=1, kind="stable").argsort(axis=1)
        together[first:last] = (rank < limit[:, None]) & (votes > 0)
        alone[first:last] = (rank < np.minimum(limit, 1)[:, None]) & (votes > 0)
    return Activity(windows.grid, together, alone)


def _votes(
    windows: Windows, clusters: Clusters, first: int, last: int, speakers: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """The sum of the scores `(frames, speakers)` from frame `first` to `last`, and how many talk there `(frames,)`."""
    import numpy as np

    votes = np.zeros((last - first, speakers), np.float32)
    heard = np.zeros(last - first, np.float32)
    seen = np.zeros(last - first, np.float32)
    for number, here, there in _inside(windows, first, last):
        seen[here] += 1
        heard[here] += windows.active[number, there].sum(axis=1)
        labels, scores = clusters.labels[number], windows.scores[number, there]
        for speaker in np.unique(labels[labels >= 0]):
            votes[here, speaker] += scores[:, labels == speaker].max(axis=1)
    return votes, np.rint(heard / np.maximum(seen, 1)).astype(np.int64)


def _inside(windows: Windows, first: int, last: int) -> Iterator[tuple[int, slice, slice]]:
    """The windows that reach into the frames from `first` to `last`: where in these, and where in the window."""
    length = windows.scores.shape[1]
    early = max(0, int((first - length) * windows.grid.step / windows.grid.hop) - 1)
    for number in range(early, len(windows)):
        begin = windows.grid.first_frame(number)
        if begin >= last:
            return
        if begin + length <= first:
            continue
        start, end = max(begin, first), min(begin + length, last)
        yield number, slice(start - first, end - first), slice(start - begin, end - begin)
