"""The loss on dev shows what training takes away: a model that is trained without timestamps forgets them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from meetscribe.training.data import Example, load_examples
from meetscribe.training.loop.evaluation import LabelledExamples, score_dev
from meetscribe.training.loop.labels import IGNORED
from meetscribe.training.loop.processes import Processes
from meetscribe.training.loop.trainer import PreparedRun, Trainer
from meetscribe.training.model.base import load_base
from meetscribe.training.model.lora import prepare
from meetscribe.training.settings import TrainingSettings
from tests.training.conftest import labelled

FIRST_STAMP = 50364
SETTINGS = TrainingSettings(
    method="full", learning_rate=3e-4, epochs=6, batch_size=2, freeze_encoder=True, spec_augment=False
)


def stamps_only(examples: LabelledExamples) -> LabelledExamples:
    """Return the examples with labels of which only the timestamps have a loss."""
    labels = tuple(
        replace(one, targets=tuple(target if target >= FIRST_STAMP else IGNORED for target in one.targets))
        for one in examples.labels
    )
    return replace(examples, labels=labels)


def loss_of_timestamps(weights: Path, data_set: Path, folder: Path, train: tuple[Example, ...]) -> tuple[float, float]:
    """Return the loss of the timestamps of dev before and after training on these examples."""
    base = load_base(weights)
    dev = [replace(example, timestamps=True) for example in load_examples(data_set, "dev")]
    stamps = stamps_only(labelled(data_set, base, tuple(dev)))
    nothing = labelled(data_set, base, ())
    prepare(base.model, SETTINGS)
    before = score_dev(base, stamps, Processes(), 1).loss
    folder.mkdir()
    Trainer(PreparedRun(base, None, labelled(data_set, base, train), nothing, nothing), SETTINGS, folder, "").run()
    return before, score_dev(base, stamps, Processes(), 1).loss


@pytest.mark.long
def test_timestamps_are_lost_without_examples_of_them(short_weights: Path, data_set: Path, tmp_path: Path) -> None:
    """With timestamps in half of the examples, as in data sets, their loss on dev falls; with none it rises."""
    train = load_examples(data_set, "train")
    half = tuple(replace(example, timestamps=index % 2 == 0) for index, example in enumerate(train))
    none = tuple(replace(example, timestamps=False) for example in train)
    before, lost = loss_of_timestamps(short_weights, data_set, tmp_path / "none", none)
    _, kept = loss_of_timestamps(short_weights, data_set, tmp_path / "half", half)
    assert lost > before
    assert kept < before - 0.3
