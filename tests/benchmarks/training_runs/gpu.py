"""Throughput and memory of training on a graphics card, with random weights in the shapes of published models."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from meetscribe.timeline import Seconds
from meetscribe.training import TrainingTask
from meetscribe.training.loop.trainer import Trainer
from meetscribe.training.preparation import prepare_run
from meetscribe.training.progress.events import TrainingEvent, Update
from tests.benchmarks.synthetic_weights import ARCHITECTURES, Architecture, random_whisper
from tests.benchmarks.training_runs.choices import Choices, table_lines
from tests.support.training_data import sample_examples

SHAPES = {name: ARCHITECTURES[name] for name in ("base", "large-v3-turbo")}
METHODS: dict[str, dict[str, object]] = {
    "LoRA, decoder only": {"freeze_encoder": True, "spec_augment": False},
    "LoRA": {},
    "LoRA, checkpointing": {"checkpointing": True},
    "all weights": {"method": "full"},
    "all weights, checkpointing": {"method": "full", "checkpointing": True},
}
CLIPS = 16
LONGEST: Seconds = 15.0  # of the speech in a clip; the encoder sees 30 s in any case
UPDATES = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of training: trained weights, seconds of an update, clips per second, and peak memory in bytes."""

    trained: int
    update: Seconds
    clips_per_second: float
    memory: int


class _Measured(Exception):
    """Enough updates were measured."""


def run(choices: Choices) -> Iterator[str]:
    """Yield the table of costs; skipped without a graphics card."""
    if not torch.cuda.is_available():
        yield f"skipped: torch {torch.__version__} finds no graphics card with CUDA on this machine"
        return
    yield f"{torch.cuda.get_device_name()}, torch {torch.__version__}, bfloat16; {CLIPS} clips per update"
    yield from cost_lines(choices, SHAPES, METHODS, "cuda", UPDATES)


def cost_lines(
    choices: Choices,
    shapes: Mapping[str, Architecture],
    methods: Mapping[str, dict[str, object]],
    device: str,
    updates: int,
) -> Iterator[str]:
    """Yield the table of the costs of all methods in all shapes, over a number of updates after the first one."""
    data = choices.folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    sample_examples(data, ["train"] * CLIPS, name="planning", seconds=LONGEST)
    rows: list[tuple[str, ...]] = [
        ("shape", "method", "trained weights", "seconds per update", "clips per second", "peak memory")
    ]
    for name, shape in shapes.items():
        base = random_whisper(choices.folder / name, shape)
        for method, changes in methods.items():
            settings = choices.training(batch_size=CLIPS, max_steps=updates + 2, epochs=updates + 2, **changes)
            task = TrainingTask(data, str(base), settings, device=device, threads=choices.threads, offline=True)
            rows.append((name, method, *_cells(task, base, updates)))
    yield from table_lines(rows)


def measure(task: TrainingTask, base: Path, updates: int) -> Cost:
    """Return the cost of a number of updates after the first one."""
    times: list[float] = []
    last: list[Update] = []

    def stop_after_updates(event: TrainingEvent) -> None:
        if isinstance(event, Update):
            times.append(time.monotonic())
            last[:] = [event]
            if len(times) > updates:
                raise _Measured

    with TemporaryDirectory() as scratch:
        trainer = Trainer(prepare_run(task, base), task.settings, Path(scratch), "", report=stop_after_updates)
        with suppress(_Measured):
            trainer.run()
    update = (times[-1] - times[0]) / updates
    trained = sum(weight.numel() for weight in trainer.weights.values())
    return Cost(trained, update, CLIPS / update, last[0].memory)


def _cells(task: TrainingTask, base: Path, updates: int) -> tuple[str, ...]:
    """Return the cells of a row; the memory of the card may not suffice."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    try:
        cost = measure(task, base, updates)
    except torch.cuda.OutOfMemoryError:
        return ("", "", "", "out of memory")
    trained, memory = f"{cost.trained / 1e6:.2f} million", f"{cost.memory / 1e9:.1f} GB"
    return trained, f"{cost.update:.3f}", f"{cost.clips_per_second:.1f}", memory
