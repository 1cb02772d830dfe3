"""Hysteresis thresholding of frame scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def active_runs(scores: npt.NDArray[np.float32], onset: float, offset: float) -> list[tuple[int, int]]:
    """Return the half-open runs of frames with `scores` `(frames,)` above `offset` that exceed `onset` at least once.

    This is the hysteresis of Gelly and Gauvain (Interspeech 2015), except that a run also begins at `offset`: rising
    scores before an active frame belong to the run.
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([0], scores > offset, [0])).astype(np.int8)))
    above_onset = np.concatenate(([0], np.cumsum(scores > onset)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if above_onset[end] > above_onset[start]]
