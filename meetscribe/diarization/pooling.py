"""Statistics pooling for several speakers at once, by matrix products."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

_EPSILON = 1e-8  # as in pyannote.audio


def use_matrix_pooling(model: Any) -> None:
    """Make a model of pyannote.audio use `statistics_pooling`, which is faster for several speakers."""
    # Imported here, because importing pyannote.audio prints warnings; it was imported silently with the model.
    from pyannote.audio.models.blocks.pooling import StatsPool

    for module in model.modules():
        if isinstance(module, StatsPool):
            module.forward = partial(_pool, module.forward)  # type: ignore[method-assign]


def _pool(
    original: Callable[..., torch.Tensor], sequences: torch.Tensor, weights: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the result of `statistics_pooling`, or of `original` for weights without a speaker dimension."""
    if weights is None or weights.dim() < 3:
        return original(sequences, weights)
    return statistics_pooling(sequences, weights)


def statistics_pooling(sequences: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return the weighted mean and standard deviation of each speaker, `(windows, speakers, 2 * features)`.

    `sequences` has the shape `(windows, features, frames)`, `weights` `(windows, speakers, frames)` with any number of
    frames. The variance is the unbiased one for weights: its divisor is sum(w) - sum(w²) / sum(w).
    """
    weights = torch.nn.functional.interpolate(weights, size=sequences.shape[2], mode="nearest")
    total = weights.sum(dim=2) + _EPSILON
    means = torch.bmm(sequences, weights.transpose(1, 2)) / total[:, None]
    divisor = total - weights.square().sum(dim=2) / total + _EPSILON
    statistics = []
    for speaker, mean in enumerate(means.unbind(dim=2)):
        squares = (sequences - mean[:, :, None]).square_()
        variance = torch.bmm(squares, weights[:, speaker, :, None])[:, :, 0] / divisor[:, speaker, None]
        statistics.append(torch.cat([mean, variance.sqrt()], dim=1))
    return torch.stack(statistics, dim=1)
