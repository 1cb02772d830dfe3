"""LoRA starts as the base, can be merged, and needs its package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from meetscribe.errors import SettingsError
from meetscribe.training.model.base import load_base
from meetscribe.training.model.lora import merge, prepare, trainable
from meetscribe.training.settings import TrainingSettings


def test_merged_model_computes_the_same(short_weights: Path, tmp_path: Path) -> None:
    """The matrices change nothing at first; trained and merged, the model computes what it did with them beside it."""
    base = load_base(short_weights)
    features, tokens = torch.randn(1, 80, 500), torch.tensor([[50258, 50259, 50359, 50363]])
    with torch.inference_mode():
        before = base.model(input_features=features, decoder_input_ids=tokens).logits
    wrapper = prepare(base.model, TrainingSettings(rank=2))
    weights = trainable(base.model)
    assert all("lora_" in name for name in weights)
    with torch.inference_mode():
        assert torch.equal(base.model(input_features=features, decoder_input_ids=tokens).logits, before)
    with torch.no_grad():
        for weight in weights.values():
            weight += 0.05
    with torch.inference_mode():
        beside = base.model(input_features=features, decoder_input_ids=tokens).logits
        merged = merge(base.model, wrapper, tmp_path / "adapter")
        after = merged(input_features=features, decoder_input_ids=tokens).logits
    assert not torch.allclose(beside, before, atol=0.1)
    assert torch.allclose(after, beside, atol=1e-3)
    assert (tmp_path / "adapter" / "adapter_model.safetensors").is_file()
    assert not any("lora" in name for name, _ in merged.named_parameters())


def test_first_matrices_depend_on_the_seed_only(short_weights: Path) -> None:
    """Two runs with one seed start from the same matrices, whatever random numbers were drawn before."""
    states = []
    for _ in range(2):
        torch.rand(3)
        base = load_base(short_weights)
        prepare(base.model, TrainingSettings(rank=2, freeze_encoder=True))
        states.append(trainable(base.model))
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert not any("encoder.layers" in name for name in states[0])


def test_parts_can_be_frozen(short_weights: Path) -> None:
    """Of all weights, the fixed positions are never trained, and the encoder and the token embeddings need not be."""
    model = load_base(short_weights).model
    names = {name for name, _ in model.named_parameters()}
    encoder = {name for name in names if name.startswith("model.encoder.")}
    positions = {"model.encoder.embed_positions.weight"}
    tokens = {"model.decoder.embed_tokens.weight"}
    for settings, frozen in (
        (TrainingSettings(method="full"), positions),
        (TrainingSettings(method="full", freeze_encoder=True), encoder),
        (TrainingSettings(method="full", freeze_encoder=True, freeze_embeddings=True), encoder | tokens),
    ):
        prepare(model, settings)
        assert trainable(model).keys() == names - frozen


def test_missing_package_is_named(short_weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without peft, the error names the package and the way without it."""
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(SettingsError, match=r"pip install peft.*--full"):
        prepare(load_base(short_weights).model, TrainingSettings())
