"""Statistics pooling by matrix products equals that of pyannote.audio."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyannote.audio.models.blocks.pooling import StatsPool

from meetscribe.diarization.pooling import statistics_pooling, use_matrix_pooling


@pytest.fixture
def pool() -> torch.nn.Module:
    """Return the pooling of pyannote.audio."""
    return StatsPool()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32 - 1),
    windows=st.integers(1, 3),
    speakers=st.integers(1, 4),
    frames=st.integers(2, 60),
    mask_frames=st.integers(1, 80),
    offset=st.floats(-100, 100),
)
def test_the_statistics_equal_those_of_pyannote(
    pool: torch.nn.Module, seed: int, windows: int, speakers: int, frames: int, mask_frames: int, offset: float
) -> None:
    """For any number of frames, values far from zero, and weights between 0 and 1."""
    generator = torch.Generator().manual_seed(seed)
    sequences = torch.randn(windows, 5, frames, generator=generator) + offset
    weights = torch.rand(windows, speakers, mask_frames, generator=generator)
    weights[:, 0] = (weights[:, 0] > 0.5).float()
    theirs, ours = pool(sequences, weights), statistics_pooling(sequences, weights)
    assert ours.shape == theirs.shape
    enough = (torch.nn.functional.interpolate(weights, size=frames) > 0.1).sum(dim=2) > 1
    np.testing.assert_allclose(ours[enough], theirs[enough], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("weights", [None, torch.ones(2, 20)])
def test_other_weights_are_pooled_by_pyannote(pool: torch.nn.Module, weights: torch.Tensor | None) -> None:
    sequences = torch.randn(2, 5, 20, generator=torch.Generator().manual_seed(0))
    theirs = pool(sequences, weights)
    use_matrix_pooling(pool)
    assert torch.equal(pool(sequences, weights), theirs)


def test_a_single_frame_has_no_deviation() -> None:
    weights = torch.zeros(1, 1, 20)
    weights[..., 7] = 1.0
    sequences = torch.randn(1, 5, 20, generator=torch.Generator().manual_seed(0))
    assert torch.equal(statistics_pooling(sequences, weights)[0, 0], torch.cat([sequences[0, :, 7], torch.zeros(5)]))
