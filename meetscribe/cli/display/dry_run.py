"""The output of --dry-run: the models, threads and files of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from meetscribe.asr.planning import inspect_machine
from meetscribe.models.resolution import locate_models
from meetscribe.pipeline.loaded_models import plan_for
from meetscribe.runtime.devices import resolve_device
from meetscribe.settings import Settings
from meetscribe.weights import LocatedModel
from meetscribe.weights.remedies import unavailable_reason
from meetscribe.weights.store import local_obstacle


def print_plan(recordings: Sequence[str], settings: Settings, files: Mapping[str, Path]) -> None:
    """Print the models, devices and files of a run; nothing is downloaded, loaded or written."""
    _print_rows(
        [
            *(("recording", recording) for recording in recordings),
            *_resources(settings),
            *(("would write", str(file)) for file in files.values()),
        ]
    )


def print_resources(settings: Settings, jobs: int, workers: str = "") -> None:
    """Print the device, the models and the workers of a batch; `workers` describes the workers of a cluster."""
    text = "1 recording at a time" if jobs == 1 else f"{jobs} recordings at a time, each with its own models"
    _print_rows([("jobs", workers or text), *_resources(settings)])


def _print_rows(rows: Iterable[tuple[str, str]]) -> None:
    """Print rows in two columns; a name equal to that of the previous row is omitted."""
    previous = ""
    for name, text in rows:
        click.echo(f"{name if name != previous else '':<14} {text}")
        previous = name


def _resources(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the device, the engine, the models and the plan with its reasons."""
    device = resolve_device(settings.run.device)
    settings, models = locate_models(settings, device)
    yield "device", str(device)
    yield "engine", settings.asr.engine
    for use, found in models.items():
        yield use, f"{found.spec.model}, {_location(found, settings.run.offline)}"
    if settings.alignment.enabled and "alignment" not in models and settings.asr.task != "translate":
        yield "alignment", "depends on the language, which is detected during the run"
    model = models["asr"].path if "asr" in models else None  # an engine may have no weights
    for reason in plan_for(settings, inspect_machine(device), model).reasons:
        yield "plan", reason


def _location(found: LocatedModel, offline: bool) -> str:
    """Return the location of a model, or the error that a run would end with because it is missing."""
    if found.path is not None:
        return "on this machine"
    if obstacle := "offline" if offline else local_obstacle(found.spec):
        return f"missing: {unavailable_reason(found.spec, obstacle)}; the run would end with exit code 4"
    size = f" (about {found.spec.size_mb} MB)" if found.spec.size_mb else ""
    return f"to be downloaded{size}"
