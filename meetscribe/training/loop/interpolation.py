"""Interpolate the weights between the base and the trained model, to keep most of the gain with less forgetting.

Linear interpolation of the weights after fine-tuning is WiSE-FT (Wortsman et al., 2022). Of LoRA's product B A, only B
is scaled, which starts at zero. The smallest share of `SHARES` that keeps 95 % of the gain on dev is chosen.
"""

from __future__ import annotations

import torch
from torch import Tensor

from meetscribe.training.model.base import WhisperBase, load_base

SHARES = (0.25, 0.5, 0.75)
"""The shares of the weight change to try, in this order."""

_LORA_B, _LORA_A = ".lora_B.", ".lora_A."  # in the names of peft's weights


class Interpolation:
    """Sets trainable weights to points on the line from the base (0) to the trained weights (1)."""

    def __init__(self, base: WhisperBase, weights: dict[str, Tensor]) -> None:
        self._weights = {name: weight for name, weight in weights.items() if _LORA_A not in name}
        self._ends = {name: weight.detach().clone() for name, weight in self._weights.items()}
        self._starts = _starts(base, self._weights)

    def move(self, share: float) -> None:
        """Set the weights to a share of the change."""
        with torch.no_grad():
            for name, weight in self._weights.items():
                start, end = self._starts[name], self._ends[name]
                weight.copy_(end if share == 1.0 else start + share * (end - start))


def _starts(base: WhisperBase, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights before training."""
    if all(_LORA_B in name for name in weights):
        return {name: torch.zeros_like(weight) for name, weight in weights.items()}
    original = dict(load_base(base.directory).model.named_parameters())
    return {name: original[name].detach().to(weight.device) for name, weight in weights.items()}
