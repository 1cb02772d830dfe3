"""The progress events of a training run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class Resumed:
    """An interrupted run continues after `step` updates; `of` is the number of updates in the whole run."""

    step: int
    of: int


@dataclass(frozen=True, slots=True)
class Update:
    """An update of the weights: the loss is the mean per token of its batch, in nats; `left` the time left in seconds.

    `step` counts from 1, up to `of` in the whole run. `memory` is the peak so far, in bytes.
    """

    step: int
    of: int
    epoch: int
    loss: float
    learning_rate: float
    gradient_norm: float
    left: Seconds
    memory: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores on dev after `step` updates: the loss per token, and the error rate of the decoded words.

    `is_best` means that it has fewer errors than all before, or as few as the best and a lower loss.
    """

    step: int
    loss: float
    error_rate: float | None
    is_best: bool


@dataclass(frozen=True, slots=True)
class Interpolated:
    """The scores on dev with weights between the base's (`share` 0) and the best ones (1), tried after the last update.

    `is_chosen` means that these become the weights of the model.
    """

    step: int
    share: float
    loss: float
    error_rate: float | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Stopped:
    """Early stopping, because dev did not improve."""

    step: int
    best_step: int


@dataclass(frozen=True, slots=True)
class Stage:
    """Progress of a stage before or after the updates, as a share from 0 to 1."""

    name: str
    done: float


TrainingEvent: TypeAlias = Resumed | Update | Evaluation | Stopped | Interpolated | Stage
Report: TypeAlias = Callable[[TrainingEvent], None]


def ignore_events(event: TrainingEvent) -> None:
    """Discard events."""
