"""Emissions of a long clip are computed in blocks and are the same as in one piece."""

from __future__ import annotations

import numpy as np

from meetscribe.alignment.emissions import compute_emissions
from meetscribe.audio import Audio
from meetscribe.timeline import Span
from tests.alignment.conftest import STRIDE, FakeAligner


def test_the_blocks_of_a_long_clip_are_the_same_as_the_whole() -> None:
    """Frame by frame, wherever the clip starts and ends."""
    samples = np.random.default_rng(0).integers(0, 28, 100 * 50).repeat(STRIDE).astype(np.float32)
    audio = Audio(samples, "made", "sha256:0")
    for start, end in ((0, 41), (3.2, 97.62), (10.02, 76.0), (0, 100)):
        clip = Span(start, end)
        blocks = [log_probs for _, log_probs in compute_emissions([clip], audio, FakeAligner(), 2)]
        (whole,) = FakeAligner().emissions([audio.slice(clip)])
        assert len(blocks) > 1
        np.testing.assert_array_equal(np.concatenate(blocks), whole)
