"""The training loop that the recogniser, the aligner and the embedder share: for a time, not a number of steps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

SHOWN = 50
"""Steps between two lines of progress."""

KEPT = 500
"""Steps between two calls of `keep`."""


@dataclass(frozen=True, slots=True)
class Training:
    """How long to train, the peak learning rate, and the largest norm of the gradients of `clipped`."""

    minutes: float
    optimizer: torch.optim.Optimizer
    peak: float
    clipped: Iterable[nn.Parameter]
    norm: float = 1.0


def schedule(done: float, peak: float) -> float:
    """Learning rate after the share `done` of the training: a short rise, then a cosine down to a twentieth."""
    return peak * min(done / 0.03 + 0.02, 1.0) * (0.525 + 0.475 * math.cos(math.pi * min(done, 1.0)))


def train_for(
    training: Training,
    losses: Callable[[], Tensor],
    names: Sequence[str] = ("loss",),
    weights: Sequence[float] = (1.0,),
    keep: Callable[[], None] = lambda: None,
) -> None:
    """Take steps until the time is over; `losses` draws a batch and returns its losses `(names,)`, which are weighted.

    Progress is printed, and `keep` is called now and then and at the end.
    """
    optimizer, clipped = training.optimizer, list(training.clipped)
    began = shown = time.monotonic()
    step, totals = 0, torch.zeros(len(names))
    while (done := (time.monotonic() - began) / (60 * training.minutes)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = schedule(done, training.peak)
        parts = losses()
        optimizer.zero_grad(set_to_none=True)
        (parts * torch.tensor(weights, device=parts.device)).sum().backward()
        nn.utils.clip_grad_norm_(clipped, training.norm)
        optimizer.step()
        step, totals = step + 1, totals + parts.detach().cpu()
        if step % SHOWN == 0:
            means = " ".join(f"{name} {mean:.3f}" for name, mean in zip(names, totals / SHOWN, strict=True))
            print(f"{done:6.1%} step {step} {means} {(time.monotonic() - shown) / SHOWN:.2f} s/step", flush=True)
            shown, totals = time.monotonic(), torch.zeros(len(names))
        if step % KEPT == 0:
            keep()
    keep()
