"""The output of --dry-run: the models, threads and files of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from meetscribe.asr.planning import inspect_machine
from meetscribe.models.resolution import locate_models
from meetscribe.pipeline.loaded_models import plan_for
from meetscribe.runtime.devices import resolve_device
from meetscribe.settings import Settings
from meetscribe.weights import LocatedModel


def print_plan(recordings: Sequence[str], settings: Settings, files: Mapping[str, Path]) -> None:
    """Print what a run would use and write; nothing is downloaded, loaded or written."""
    rows = [
        *(("recording", recording) for recording in recordings),
        *_resources(settings),
        *(("would write", str(file)) for file in files.values()),
    ]
    previous = ""
    for name, text in rows:
        click.echo(f"{name if name != previous else '':<14} {text}")
        previous = name


def _resources(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the device, the engine, the models and the reasons of the plan."""
    device = resolve_device(settings.run.device)
    settings, models = locate_models(settings, device)
    yield "device", str(device)
    yield "engine", settings.asr.engine
    for use, found in models.items():
        yield use, f"{found.spec.model}, {_location(found)}"
    if settings.alignment.enabled and "alignment" not in models and settings.asr.task != "translate":
        yield "alignment", "depends on the language, which is detected during the run"
    model = models["asr"].path if "asr" in models else None  # an engine may have no weights
    for reason in plan_for(settings, inspect_machine(device), model).reasons:
        yield "plan", reason


def _location(found: LocatedModel) -> str:
    """Return where a model is."""
    if found.path is not None:
        return "on this machine"
    size = f" (about {found.spec.size_mb} MB)" if found.spec.size_mb else ""
    return f"to be downloaded{size}"
