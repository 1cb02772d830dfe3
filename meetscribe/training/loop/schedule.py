"""The learning rate at each update, and the number of updates."""

from __future__ import annotations

import math

from meetscribe.training.settings import TrainingSettings


def count_steps(examples: int, settings: TrainingSettings) -> int:
    """Return the number of updates of a run over this many examples."""
    steps = settings.epochs * steps_per_epoch(examples, settings)
    return min(steps, settings.max_steps) if settings.max_steps else steps


def steps_per_epoch(examples: int, settings: TrainingSettings) -> int:
    """Return the number of updates of an epoch; the last one may have fewer examples."""
    return math.ceil(examples / settings.batch_size)


def learning_rate(step: int, steps: int, settings: TrainingSettings) -> float:
    """Return the learning rate of an update, counted from 0: it rises to the peak, and falls to 0 at the end.

    >>> settings = TrainingSettings(method="full", learning_rate=1.0, warmup=0.2)
    >>> [round(learning_rate(step, 10, settings), 3) for step in range(10)]
    [0.5, 1.0, 1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]
    """
    warmup = round(settings.warmup * steps)
    if step < warmup:
        return settings.peak_rate * (step + 1) / warmup
    done = (step - warmup) / (steps - warmup)
    share = 1 - done if settings.schedule == "linear" else 0.5 + 0.5 * math.cos(math.pi * done)
    return settings.peak_rate * share
