"""Weights move along the line from the base to the trained ones, for all weights and for LoRA."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from meetscribe.training.loop.interpolation import Interpolation
from meetscribe.training.model.base import WhisperBase, load_base
from meetscribe.training.model.lora import merge, prepare, trainable
from meetscribe.training.settings import TrainingSettings

NAME = "model.decoder.layers.0.fc1.weight"


def change(weights: dict[str, Tensor]) -> None:
    """Change weights as training would."""
    with torch.no_grad():
        for weight in weights.values():
            weight += 0.01 * torch.sign(torch.arange(weight.numel()).reshape(weight.shape) % 3 - 0.5)


def moved(folder: Path, short_weights: Path, method: str, share: float) -> Tensor:
    """Return a matrix of the merged model with a share of the change."""
    base: WhisperBase = load_base(short_weights)
    wrapper = prepare(base.model, TrainingSettings(method=method, rank=2, freeze_encoder=True))
    weights = trainable(base.model)
    change(weights)
    line = Interpolation(base, weights)
    line.move(0.9)
    line.move(share)
    model = merge(base.model, wrapper, folder / "adapter")
    found: Tensor = dict(model.named_parameters())[NAME].detach()
    return found


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_share_of_the_change_is_kept(
    short_weights: Path, short_base: WhisperBase, tmp_path: Path, method: str
) -> None:
    """0 gives the base and 1 the trained weights, whatever was tried before; a quarter lies between them."""
    start, quarter, end = (moved(tmp_path, short_weights, method, share) for share in (0.0, 0.25, 1.0))
    original = dict(short_base.model.named_parameters())[NAME]
    assert torch.allclose(start, original, atol=1e-7)
    assert not torch.allclose(end, original, atol=1e-5)
    assert torch.allclose(quarter, original + 0.25 * (end - original), atol=1e-6)
