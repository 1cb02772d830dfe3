"""The log of a run: one line of JSON per event, and the same values for TensorBoard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from meetscribe.storage.files import append_line, replace_file
from meetscribe.training.progress.event_file import EventFile
from meetscribe.training.progress.events import Evaluation, Stage, TrainingEvent, Update

LOG = "log.jsonl"


@dataclass(frozen=True, slots=True)
class Curves:
    """The losses of updates and the scores on dev, each as (step, value) pairs."""

    train: tuple[tuple[int, float], ...]
    dev: tuple[tuple[int, float], ...]
    errors: tuple[tuple[int, float], ...]


class RunLog:
    """Writes the events of a run to a folder.

    A run that continues after `step` updates keeps the events up to that step and removes later ones. With None, a new
    log is started.
    """

    def __init__(self, folder: Path, step: int | None) -> None:
        self._path = folder / LOG
        kept = [] if step is None else [entry for entry in read_log(folder) if entry["step"] <= step]
        replace_file(self._path, b"".join(_line(entry) for entry in kept))
        self._events = EventFile(folder)

    def __call__(self, event: TrainingEvent) -> None:
        """Append an event; events of stages are not logged."""
        if isinstance(event, Stage):
            return
        append_line(self._path, _line({"event": type(event).__name__.lower(), **asdict(event)}).removesuffix(b"\n"))
        if isinstance(event, Update):
            values = {"train/loss": event.loss, "train/learning_rate": event.learning_rate}
            self._events.add(event.step, values | {"train/gradient_norm": event.gradient_norm})
        if isinstance(event, Evaluation):
            rate = {} if event.error_rate is None else {"dev/error_rate": event.error_rate}
            self._events.add(event.step, {"dev/loss": event.loss, **rate})

    def close(self) -> None:
        """Close the files."""
        self._events.close()


def read_log(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of a log, ignoring an incomplete last line, left by a killed run."""
    path = folder / LOG
    if not path.is_file():
        return
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def read_curves(folder: Path) -> Curves:
    """Return the curves of a log."""
    entries = list(read_log(folder))
    updates = [entry for entry in entries if entry["event"] == "update"]
    evaluations = [entry for entry in entries if entry["event"] == "evaluation"]
    return Curves(
        tuple((entry["step"], entry["loss"]) for entry in updates),
        tuple((entry["step"], entry["loss"]) for entry in evaluations),
        tuple((entry["step"], entry["error_rate"]) for entry in evaluations if entry["error_rate"] is not None),
    )


def _line(entry: dict[str, Any]) -> bytes:
    return (json.dumps(entry) + "\n").encode()
