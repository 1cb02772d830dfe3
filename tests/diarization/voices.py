"""Synthetic voiceprints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def voices(sizes: Sequence[int], noise: float, seed: int = 0, dimension: int = 24) -> npt.NDArray[np.float32]:
    """Return voiceprints `(sum(sizes), dimension)` of voices in different directions, one voice after the other."""
    rng = np.random.default_rng(seed)
    directions = np.repeat(np.eye(dimension)[: len(sizes)], sizes, axis=0)
    return (directions + rng.normal(0, noise / dimension**0.5, directions.shape)).astype(np.float32)
