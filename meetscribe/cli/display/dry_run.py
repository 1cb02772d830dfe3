"""What `--dry-run` says: the models, workers and files of a run that does not happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from meetscribe.settings import Settings
    from meetscribe.weights import Found


def tell(recordings: Sequence[str], settings: Settings, files: Mapping[str, Path]) -> None:
    """Print on stdout what a run would do; nothing is fetched, loaded or written."""
    rows = [
        *(("recording", recording) for recording in recordings),
        *_machine(settings),
        *(("would write", str(file)) for file in files.values()),
    ]
    said = ""
    for name, text in rows:
        click.echo(f"{name if name != said else '':<14} {text}")
        said = name


def _machine(settings: Settings) -> Iterator[tuple[str, str]]:
    """What would be used, and how."""
    from meetscribe.asr.planning import inspect_machine
    from meetscribe.models.resolution import locate_models
    from meetscribe.pipeline.loaded_models import plan_for
    from meetscribe.runtime.devices import resolve_device

    device = resolve_device(settings.run.device)
    settings, models = locate_models(settings, device)
    yield "device", str(device)
    yield "engine", settings.asr.engine
    for use, found in models.items():
        yield use, f"{found.need.model}, {_place(found)}"
    if settings.alignment.enabled and "alignment" not in models and settings.asr.task != "translate":
        yield "alignment", "by the language, once that is detected"
    for reason in plan_for(settings, inspect_machine(device), models["asr"].path).reasons:
        yield "plan", reason


def _place(found: Found) -> str:
    """Where a model is."""
    if found.path is not None:
        return "on this machine"
    size = f", about {found.need.size_mb} MB" if found.need.size_mb else ""
    return f"to be fetched{size}"
