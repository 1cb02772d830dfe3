"""Reconstruct the activity of each speaker in a recording from overlapping windows with known speakers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meetscribe.diarization.clustering.local_speakers import UNASSIGNED, Clusters
from meetscribe.diarization.windows import Grid, Windows, central_frames

_BLOCK = 20_000
"""Frames computed at once, about five minutes."""

_CENTRAL_VOTES = 6
"""The additional votes of the central frames of a window for its main speaker, times the certainty of that speaker. The
score of a local speaker is at most one vote. Values from 3 to 10 are equally good."""


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """The activity of speakers, bool `(frames, speakers)`: any number (`overlapping`), or at most one (`exclusive`)."""

    grid: Grid
    overlapping: npt.NDArray[np.bool_]
    exclusive: npt.NDArray[np.bool_]


def reconstruct(
    windows: Windows, clusters: Clusters, max_speakers: int | None = None, *, block: int = _BLOCK
) -> Activity:
    """Return the activity of the speakers, by the vote of all windows that contain a frame.

    The number of active speakers in a frame is the rounded mean over the windows, at most `max_speakers`. The active
    speakers are those with the highest sums of scores, where the speaker in the centre of a window has more votes.
    `block` frames are in memory in single precision at a time.
    """
    speakers = max(1, len(clusters.centroids))
    frames = windows.grid.first_frame(len(windows) - 1) + windows.scores.shape[1]
    overlapping = np.zeros((frames, speakers), np.bool_)
    exclusive = np.zeros((frames, speakers), np.bool_)
    for first in range(0, frames, block):
        last = min(first + block, frames)
        votes, count = _votes(windows, clusters, first, last, speakers)
        limit = np.minimum(count, speakers if max_speakers is None else min(max_speakers, speakers))
        rank = (-votes).argsort(axis=1, kind="stable").argsort(axis=1)
        overlapping[first:last] = (rank < limit[:, None]) & (votes > 0)
        exclusive[first:last] = (rank < np.minimum(limit, 1)[:, None]) & (votes > 0)
    return Activity(windows.grid, overlapping, exclusive)


def _votes(
    windows: Windows, clusters: Clusters, first: int, last: int, speakers: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return the votes, sums of scores `(frames, speakers)`, and the number of active speakers `(frames,)`.

    The frames are those from `first` up to but not including `last`.
    """
    votes = np.zeros((speakers, last - first), np.float32)
    active = np.zeros(last - first, np.float32)
    covering = np.zeros(last - first, np.float32)
    within = list(_windows_within(windows, first, last))
    part = slice(within[0][0], within[-1][0] + 1)
    labels, scores = _distinct_speakers(clusters.labels[part], windows.scores[part])
    counts = np.einsum("wfs->wf", windows.active[part], dtype=np.uint8)
    centres = central_frames(windows.active[part], windows.grid.step)
    for row, (index, frames, inside) in enumerate(within):
        covering[frames] += 1
        active[frames] += counts[row, inside]
        for local in np.flatnonzero(labels[row] >= 0):
            votes[labels[row, local], frames] += scores[local, row, inside]
        votes[clusters.central[index], frames] += _CENTRAL_VOTES * clusters.certainty[index] * centres[row, inside]
    return votes.T, np.rint(active / np.maximum(covering, 1)).astype(np.int64)


def _distinct_speakers(
    labels: npt.NDArray[np.int64], scores: npt.NDArray[np.float16]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return labels `(windows, local)` and scores `(local, windows, frames)` with a speaker at most once in a window.

    The score of local speakers who are the same speaker is their maximum.
    """
    labels, by_speaker = labels.copy(), np.ascontiguousarray(scores.transpose(2, 0, 1), np.float32)
    for kept, dropped in itertools.combinations(range(len(by_speaker)), 2):
        same = (labels[:, kept] == labels[:, dropped]) & (labels[:, kept] >= 0)
        by_speaker[kept, same] = np.maximum(by_speaker[kept, same], by_speaker[dropped, same])
        labels[same, dropped] = UNASSIGNED
    return labels, by_speaker


def _windows_within(windows: Windows, first: int, last: int) -> Iterator[tuple[int, slice, slice]]:
    """Yield the windows that overlap the frames from `first` to `last` (exclusive).

    Each has its index, the slice of the frames (from `first`) that it covers, and the slice of its own frames.
    """
    length = windows.scores.shape[1]
    earliest = max(0, int((first - length) * windows.grid.step / windows.grid.hop) - 1)
    for index in range(earliest, len(windows)):
        begin = windows.grid.first_frame(index)
        if begin >= last:
            return
        if begin + length <= first:
            continue
        start, end = max(begin, first), min(begin + length, last)
        yield index, slice(start - first, end - first), slice(start - begin, end - begin)
