"""The state of a run on disk: trained weights, optimizer, position and best score so far."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors.torch import load_file, save
from torch import Tensor

from meetscribe.errors import InputError, OutputError, os_reason
from meetscribe.storage.files import replace_file, replacing_file

STATE, BEST = "state.pt", "best.safetensors"

KEPT_GAIN = 0.95
"""The share of the gain on dev that interpolated weights must keep."""


@dataclass(frozen=True, slots=True)
class Position:
    """The position of a run, and its best evaluation.

    `step` is the number of updates so far. `first_rate` is the error rate before training. `best_step` (-1 before any
    evaluation), `best_rate` and `best_loss` belong to the best evaluation; `lowest_loss` is the lowest of all. `misses`
    counts the evaluations since the last one in which the error rate or the loss improved. `evaluated` is the step of
    the last evaluation.
    """

    step: int = 0
    best_step: int = -1
    first_rate: float = float("inf")
    best_rate: float = float("inf")
    best_loss: float = float("inf")
    lowest_loss: float = float("inf")
    misses: int = 0
    evaluated: int = 0

    def is_due(self, every: int, steps: int) -> bool:
        """Return whether dev is to be scored after this one of `steps` updates, and has not been."""
        return self.evaluated < self.step and (self.step % every == 0 or self.step == steps)

    def keeps_gain(self, rate: float | None) -> bool:
        """Return whether an error rate keeps 95 % of the gain from the first evaluation to the best one."""
        return rate is not None and self.first_rate - rate >= KEPT_GAIN * (self.first_rate - self.best_rate)

    def after(self, rate: float | None, loss: float) -> Position:
        """Return the position after an evaluation; an unknown rate counts as unchanged."""
        rate = self.best_rate if rate is None else rate
        is_best = (rate, loss) < (self.best_rate, self.best_loss)
        is_miss = rate >= self.best_rate and loss >= self.lowest_loss
        found = replace(self, misses=self.misses + 1 if is_miss else 0, lowest_loss=min(self.lowest_loss, loss))
        found = replace(found, evaluated=self.step)
        found = replace(found, first_rate=rate) if self.step == 0 else found
        return replace(found, best_step=self.step, best_rate=rate, best_loss=loss) if is_best else found


def save_state(folder: Path, identity: str, position: Position, weights: dict[str, Tensor], optimizer: Any) -> None:
    """Write the state atomically; raises OutputError if it cannot be written."""
    state = {
        "identity": identity,
        "position": asdict(position),
        "weights": {name: weight.detach() for name, weight in weights.items()},
        "optimizer": optimizer.state_dict(),
    }
    try:
        with replacing_file(folder / STATE) as file:
            torch.save(state, file)
    except OSError as error:
        raise OutputError(f"{folder / STATE}: {os_reason(error)}", "Free some space, or choose another -o.") from error


def load_state(folder: Path, identity: str, weights: dict[str, Tensor], optimizer: Any) -> Position:
    """Restore the weights and the optimizer, and return the position; without a saved state, return the start.

    Raises InputError if the state belongs to another run or is damaged.
    """
    path = folder / STATE
    if not path.is_file():
        return Position()
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        if state["identity"] != identity:
            raise InputError(f"{path} belongs to a run with other settings, data or base", _REMEDY)
        _copy(state["weights"], weights)
        optimizer.load_state_dict(state["optimizer"])
        return Position(**state["position"])
    except (OSError, EOFError, RuntimeError, KeyError, TypeError, ValueError, UnpicklingError) as error:
        raise InputError(f"{path} is damaged: {error}", _REMEDY) from error


def save_best(folder: Path, weights: dict[str, Tensor]) -> None:
    """Write the weights of the best evaluation atomically."""
    replace_file(folder / BEST, save({name: weight.detach().contiguous() for name, weight in weights.items()}))


def load_best(folder: Path, weights: dict[str, Tensor]) -> None:
    """Restore the weights of the best evaluation."""
    _copy(load_file(folder / BEST), weights)


_REMEDY = "Start over with --overwrite, or choose another folder with -o."


def _copy(source: dict[str, Tensor], target: dict[str, Tensor]) -> None:
    if source.keys() != target.keys():
        raise ValueError("the names of the weights differ")
    with torch.no_grad():
        for name, weight in target.items():
            weight.copy_(source[name])
