"""Hysteresis thresholding of frame scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def active_runs(scores: npt.NDArray[np.float32], onset: float, offset: float) -> list[tuple[int, int]]:
    """Return each run of frames of `scores` `(frames,)` above `offset` that exceeds `onset` somewhere, half-open.

    This is the hysteresis of Gelly and Gauvain (Interspeech 2015), except that a run also begins at `offset`: frames
    that lead up to an active frame belong to it.
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([0], scores > offset, [0])).astype(np.int8)))
    above_onset = np.concatenate(([0], np.cumsum(scores > onset)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if above_onset[end] > above_onset[start]]
