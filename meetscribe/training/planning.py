"""The plan of a run: examples, tokens, updates, memory and time, from a trial before it starts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from meetscribe.timeline import Seconds
from meetscribe.training.loop.evaluation import LabelledExamples
from meetscribe.training.loop.memory import peak_memory
from meetscribe.training.loop.schedule import steps_per_epoch
from meetscribe.training.loop.trainer import Trainer

_FLOAT = 4  # bytes
_PER_WEIGHT = 3  # a gradient and two moments of AdamW for each trained weight


@dataclass(frozen=True, slots=True)
class SplitSize:
    """The size of a split: examples, seconds of sound, and tokens to learn."""

    examples: int
    seconds: Seconds
    tokens: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a run.

    `weights` is the number of parameters, `trained` the number of trainable ones. `memory` is the peak in bytes of the
    whole process or of the graphics card; it includes gradients and optimizer. `update_seconds` and
    `evaluation_seconds` were measured; `seconds` is the time until the last update.
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

    @property
    def seconds(self) -> Seconds:
        """The time of all updates and evaluations, without early stopping."""
        return self.steps * self.update_seconds + (self.evaluations + 1) * self.evaluation_seconds

    def to_json(self) -> dict[str, Any]:
        """Return the plan as a JSON object."""
        return asdict(self) | {"seconds": self.seconds}


def make_plan(trainer: Trainer, test: LabelledExamples) -> Plan:
    """Return the plan of a run, from a trial with the longest examples; the weights do not change."""
    update, evaluation = trainer.measure()
    trained = sum(weight.numel() for weight in trainer.weights.values())
    every = trainer.settings.evaluate_every or steps_per_epoch(len(trainer.train), trainer.settings)
    return Plan(
        train=split_size(trainer.train),
        dev=split_size(trainer.dev),
        test=split_size(test),
        steps=trainer.steps,
        evaluations=-(-trainer.steps // every) if len(trainer.dev) else 0,
        weights=sum(weight.numel() for weight in trainer.base.model.parameters()),
        trained=trained,
        memory=peak_memory(trainer.base.device) + _PER_WEIGHT * _FLOAT * trained,
        update_seconds=update,
        evaluation_seconds=evaluation,
    )


def split_size(examples: LabelledExamples) -> SplitSize:
    """Return the size of a split."""
    return SplitSize(
        len(examples),
        sum(example.seconds for example in examples.examples),
        sum(labels.learnt for labels in examples.labels),
    )
