"""What a network of voiceprints hears of each speaker summed up: pyannote.audio's sums, as products of matrices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_LEAST = 1e-8  # as pyannote.audio has it, where nothing is to be divided by


def pool_by_products(model: Any) -> None:
    """Have a model of pyannote.audio sum up as `pooled` does, instead of in many passes over all that it heard."""
    from pyannote.audio.models.blocks.pooling import StatsPool

    for module in model.modules():
        if isinstance(module, StatsPool):
            module.forward = partial(_pooled_or_not, module.forward)  # type: ignore[method-assign]


def _pooled_or_not(
    otherwise: Callable[..., torch.Tensor], sequences: torch.Tensor, weights: torch.Tensor | None = None
) -> torch.Tensor:
    """What `pooled` makes; where it is not about several speakers, what pyannote.audio does."""
    if weights is None or weights.dim() < 3:
        return otherwise(sequences, weights)
    return pooled(sequences, weights)


def pooled(sequences: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Mean and standard deviation `(windows, speakers, 2 * features)` of what each speaker says.

    `sequences` are `(windows, features, frames)`, `weights` `(windows, speakers, frames)` with any number of frames.
    The deviation is the unbiased one of weighted values: by sum(w) - sum(w²) / sum(w) instead of sum(w).
    """
    import torch

    weights = torch.nn.functional.interpolate(weights, size=sequences.shape[2], mode="nearest")
    total = weights.sum(dim=2) + _LEAST
    means = torch.bmm(sequences, weights.transpose(1, 2)) / total[:, None]
    freedom = total - weights.square().sum(dim=2) / total + _LEAST
    statistics = []
    for speaker, mean in enumerate(means.unbind(dim=2)):
        squares = (sequences - mean[:, :, None]).square_()
        variance = torch.bmm(squares, weights[:, speaker, :, None])[:, :, 0] / freedom[:, speaker, None]
        statistics.append(torch.cat([mean, variance.sqrt()], dim=1))
    return torch.stack(statistics, dim=1)
