"""Hysteresis thresholding agrees with a naive implementation."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.segmentation import active_runs


@given(st.lists(st.sampled_from([0.0, 0.2, 0.4, 0.6]), max_size=30))
def test_runs_agree_with_a_naive_implementation(scores: list[float]) -> None:
    """A run is above the lower threshold, and exceeds the higher one somewhere."""
    runs: list[tuple[int, int]] = []
    frame = 0
    while frame < len(scores):
        end = frame
        while end < len(scores) and scores[end] > 0.3:
            end += 1
        if any(score > 0.5 for score in scores[frame:end]):
            runs.append((frame, end))
        frame = max(end, frame + 1)
    assert active_runs(np.array(scores, np.float32), 0.5, 0.3) == runs
