"""A model is stored in the numeric type that holds its weights."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from meetscribe.training.data import load_examples
from meetscribe.training.loop.evaluation import score_dev
from meetscribe.training.loop.processes import Processes
from meetscribe.training.loop.trainer import PreparedRun, Trainer
from meetscribe.training.model.base import WhisperBase, load_base
from meetscribe.training.model.lora import prepare
from meetscribe.training.model.saving import save_model
from meetscribe.training.progress.events import TrainingEvent, Update
from meetscribe.training.settings import TrainingSettings
from tests.training.conftest import labelled

FACTOR = 1e6
SETTINGS = TrainingSettings(
    method="full", learning_rate=1e-5, batch_size=2, max_steps=1, warmup=0.0, freeze_encoder=True, spec_augment=False
)


def enlarge(model: Any) -> None:
    """Multiply the values of an attention and divide what follows: in float32 the model computes the same."""
    attention = model.model.decoder.layers[0].self_attn
    with torch.no_grad():
        attention.v_proj.weight *= FACTOR
        attention.v_proj.bias *= FACTOR
        attention.out_proj.weight /= FACTOR


def train(base: WhisperBase, data_set: Path, folder: Path) -> list[float]:
    """Train a base for an update, and return the losses."""
    prepare(base.model, SETTINGS)
    examples = labelled(data_set, base, load_examples(data_set, "train")[:2])
    nothing = labelled(data_set, base, ())
    events: list[TrainingEvent] = []
    folder.mkdir()
    Trainer(
        PreparedRun(base, None, examples, nothing, nothing), SETTINGS, folder, "identity", report=events.append
    ).run()
    return [event.loss for event in events if isinstance(event, Update)]


def test_trained_weights_beyond_half_precision(short_weights: Path, data_set: Path, tmp_path: Path) -> None:
    """Values above 65504 overflow in half precision; they are trained and stored in float32, and lose nothing."""
    plain, large = load_base(short_weights), load_base(short_weights)
    enlarge(large.model)
    dev = labelled(data_set, large, load_examples(data_set, "dev"))
    half = copy.deepcopy(large.model).half()
    with torch.inference_mode():
        tokens = torch.tensor([dev.labels[0].inputs])
        assert not half(input_features=torch.zeros(1, 80, 500).half(), decoder_input_ids=tokens).logits.isfinite().all()
    losses = [train(base, data_set, tmp_path / name) for name, base in (("plain", plain), ("large", large))]
    assert losses[1] == pytest.approx(losses[0], rel=1e-3)
    trained = score_dev(large, dev, Processes(), 1).loss
    for name, base, kind in (("plain", plain, torch.float16), ("large", large, torch.float32)):
        save_model(base, base.model, tmp_path / name)
        stored = load_file(tmp_path / name / "model.safetensors")
        assert {tensor.dtype for tensor in stored.values()} == {kind}
    assert score_dev(load_base(tmp_path / "large"), dev, Processes(), 1).loss == pytest.approx(trained, rel=1e-3)
