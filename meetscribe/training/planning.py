"""The plan of a run: examples, tokens, updates, memory and time, estimated from a short trial."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from meetscribe.timeline import Seconds
from meetscribe.training.loop.evaluation import LabelledExamples
from meetscribe.training.loop.frozen_encoder import MOST_BYTES
from meetscribe.training.loop.interpolation import SHARES
from meetscribe.training.loop.memory import peak_memory
from meetscribe.training.loop.schedule import steps_per_epoch
from meetscribe.training.loop.trainer import Trainer

_FLOAT = 4  # bytes
_PER_WEIGHT = 4  # values per trained weight: the gradient, two moments of AdamW, and a copy for saving


@dataclass(frozen=True, slots=True)
class SplitSize:
    """The size of a split: examples, seconds of audio, and tokens to learn."""

    examples: int
    seconds: Seconds
    tokens: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a run.

    `steps` is the number of updates, `evaluations` the largest number of evaluations on dev after the one before
    training. `weights` is the number of parameters, `trained` the number of trainable ones. `memory` is the peak in
    bytes of the process or of the GPU; it includes gradients, optimizer and the stored output of a frozen encoder.
    `update_seconds`, `evaluation_seconds` and `encoding_seconds` (of a frozen encoder, once for all clips) were
    measured; `seconds` is the time until the last evaluation.
    """

    train: SplitSize
    dev: SplitSize
    test: SplitSize
    steps: int
    evaluations: int
    weights: int
    trained: int
    memory: int
    update_seconds: Seconds
    evaluation_seconds: Seconds
    encoding_seconds: Seconds = 0.0

    @property
    def seconds(self) -> Seconds:
        """The seconds that all updates and evaluations take, without early stopping."""
        updates = self.steps * self.update_seconds + self.encoding_seconds
        return updates + (self.evaluations + 1) * self.evaluation_seconds

    def to_json(self) -> dict[str, Any]:
        """Return the plan as a JSON object."""
        return asdict(self) | {"seconds": self.seconds}


def make_plan(trainer: Trainer, test: LabelledExamples) -> Plan:
    """Return the plan of a run, from a trial with the longest examples; the weights do not change."""
    settings = trainer.settings
    update, evaluation, encoding = trainer.measure()
    trained = sum(weight.numel() for weight in trainer.weights.values())
    weights = sum(weight.numel() for weight in trainer.base.model.parameters())
    return Plan(
        train=split_size(trainer.train),
        dev=split_size(trainer.dev),
        test=split_size(test),
        steps=trainer.steps,
        evaluations=_evaluations(trainer),
        weights=weights,
        trained=trained,
        memory=peak_memory(trainer.base.device) + _further_memory(trainer, trained, weights),
        update_seconds=update,
        evaluation_seconds=evaluation,
        encoding_seconds=encoding if settings.has_fixed_encoding else 0.0,
    )


def _evaluations(trainer: Trainer) -> int:
    """Return the largest number of evaluations after the one before training, with those of interpolated weights."""
    settings = trainer.settings
    every = settings.evaluate_every or steps_per_epoch(len(trainer.train), settings)
    count = math.ceil(trainer.steps / every) + (len(SHARES) if settings.interpolate else 0)
    return count if len(trainer.dev) else 0


def _further_memory(trainer: Trainer, trained: int, weights: int) -> int:
    """Return the bytes that a run needs beyond the trial; `trained` and `weights` are numbers of parameters."""
    settings, config = trainer.settings, trainer.base.model.config
    floats = _PER_WEIGHT * trained
    if settings.interpolate and len(trainer.dev):
        floats += trained + (weights if settings.method == "full" else trained)  # trained and base weights
    encoded = len(trainer.train) * config.max_source_positions * config.d_model
    return _FLOAT * floats + (min(_FLOAT * encoded, MOST_BYTES) if settings.has_fixed_encoding else 0)


def split_size(examples: LabelledExamples) -> SplitSize:
    """Return the size of a split."""
    return SplitSize(
        len(examples),
        sum(example.seconds for example in examples.examples),
        sum(labels.learnt for labels in examples.labels),
    )
