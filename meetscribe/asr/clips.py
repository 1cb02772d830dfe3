"""The clips that an engine accepts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meetscribe.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MAX_SAMPLES = 30 * SAMPLE_RATE
"""The number of samples of the longest clip: Whisper's window of 30 s."""


def check_clips(clips: Sequence[npt.NDArray[np.float32]]) -> None:
    """Raise ValueError unless every array is a clip: of the shape `(samples,)`, at most 30 s long."""
    for clip in clips:
        if clip.ndim != 1:
            raise ValueError(f"a clip must have the shape (samples,), not {clip.shape}")
        if len(clip) > MAX_SAMPLES:
            raise ValueError(f"a clip must not be longer than 30 s, but is {len(clip) / SAMPLE_RATE:.2f} s long")
