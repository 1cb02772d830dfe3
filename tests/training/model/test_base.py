"""The base is loaded in float32, and what cannot be trained is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from meetscribe.errors import WeightsError
from meetscribe.training.model.base import WhisperBase, load_base


def test_weights_in_half_precision_become_float32(short_base: WhisperBase, short_weights: Path) -> None:
    """The file holds float16; training in it would overflow and lose updates."""
    assert {each.dtype for each in load_file(short_weights / "model.safetensors").values()} == {torch.float16}
    assert {each.dtype for each in short_base.model.parameters()} == {torch.float32}
    assert short_base.multilingual and short_base.context == 448


def test_other_models_are_refused(tmp_path: Path) -> None:
    """A folder without a Whisper of Transformers, and a damaged one, are errors with a remedy."""
    with pytest.raises(WeightsError, match="cannot be trained"):
        load_base(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "whisper"}', encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load_base(tmp_path)
