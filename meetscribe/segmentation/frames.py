"""Scores of frames turned into stretches of frames; where the scores come from is not known here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def active_runs(scores: npt.NDArray[np.float32], onset: float, offset: float) -> list[tuple[int, int]]:
    """First and last-but-one frame of each run of `scores` `(frames,)` above `offset` that rises above `onset`.

    Hysteresis as in Gelly and Gauvain (Interspeech 2015), except that a run also begins at `offset`: what leads
    up to a sure frame belongs to it.
    """
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([0], scores > offset, [0])).astype(np.int8)))
    sure = np.concatenate(([0], np.cumsum(scores > onset)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2) if sure[last] > sure[first]]
