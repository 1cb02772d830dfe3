"""Many recordings by one command: its options, where their files go, and Ctrl-C; the work is the corpus's."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from meetscribe.cli.display.messages import foresee_interruption, say
from meetscribe.cli.display.run_progress import kind_of
from meetscribe.cli.options import MANY, SectionedOption
from meetscribe.storage.files import is_file

if TYPE_CHECKING:
    from meetscribe.corpus import BatchOptions, Manifest, Summary

C = TypeVar("C", bound="Callable[..., Any]")

MANIFEST = "meetscribe.manifest.jsonl"
LEFT = "the same command again does what is left"
"""What Ctrl-C leaves of a batch."""

_FLAGS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--list", "listed"),
        {"type": click.Path(path_type=Path), "metavar": "FILE", "help": "recordings, a path a line"},
    ),
    (
        ("--jobs",),
        {"type": click.IntRange(1), "default": 1, "metavar": "N", "help": "recordings at once, with models each"},
    ),
    (("--shard",), {"metavar": "I/N", "help": "only the I-th of N equal shares, for job arrays"}),
    (("--retry-failed",), {"is_flag": True, "help": "only what failed before"}),
    (("--force",), {"is_flag": True, "help": "also what is done already"}),
    (
        ("--manifest",),
        {
            "type": click.Path(path_type=Path),
            "metavar": "FILE",
            "help": f"what became of each recording  [default: {MANIFEST} in the output folder]",
        },
    ),
    (
        ("--name", "template"),
        {
            "default": "{stem}",
            "metavar": "NAME",
            "show_default": True,
            "help": "what files are called; also {suffix}, {folder}, {date}, {hash}, {language}, {speaker_count}",
        },
    ),
    (("--beside",), {"is_flag": True, "help": "write the files beside each recording"}),
)


def batch_flags(command: C) -> C:
    """The command with the options for many recordings."""
    for names, attributes in reversed(_FLAGS):
        command = click.option(*names, cls=SectionedOption, section=MANY, **attributes)(command)
    return command


def is_batch(arguments: Sequence[str], given: Mapping[str, Any]) -> bool:
    """Whether more is meant than one recording whose transcript is printed."""
    from meetscribe.corpus import is_many

    asked = any(given[name] for name in ("listed", "beside", "manifest", "shard", "force", "retry_failed"))
    changed = (given["template"], given["jobs"]) != ("{stem}", 1)
    return asked or changed or len(arguments) != 1 or is_many(arguments[0])


def process_many(arguments: Sequence[str], given: Mapping[str, Any], **fixed: object) -> None:
    """Do what a command was `given` to do with many recordings, and print which files were written.

    Raises IncompleteError if a recording has no transcript, or one without a stage.
    """
    from meetscribe.corpus import Manifest, find_recordings, shard

    recordings = shard(find_recordings(arguments, given["listed"]), given["shard"])
    file = given["manifest"] or _folder(recordings, given) / MANIFEST
    manifest = Manifest(file)
    foresee_interruption(LEFT)
    with interruptions() as stop:
        options = batch_options(given, fixed, stop)
        if given["dry_run"]:
            for recording in recordings:
                click.echo(
                    f"{'is done' if manifest.is_done(recording, options.settings_digest) else 'to do':<8} {recording}"
                )
            return
        finish(run_tasks(recordings, given, options, manifest), manifest)


def batch_options(given: Mapping[str, Any], fixed: Mapping[str, object], stop: Callable[[], bool]) -> BatchOptions:
    """Return how the batch runs, as the command line says; raises SettingsError."""
    from meetscribe.cli.options import overrides
    from meetscribe.corpus import BatchOptions, Delivery, ProcessExecutor
    from meetscribe.corpus.transcription import TranscriptionFactory
    from meetscribe.formats import parse_names
    from meetscribe.publishing.file_names import Template
    from meetscribe.results import json_digest
    from meetscribe.settings import load_settings

    template, names = Template(given["template"]), tuple(parse_names(given["names"]))
    settings = load_settings(given["config"], {**overrides(given), **fixed})
    folder = None if given["beside"] else given["output"]
    digest = json_digest({"settings": settings.non_defaults(), "formats": list(names), "name": template.text})
    factory = TranscriptionFactory(settings, Delivery(folder, names, template, given["overwrite"]))
    return BatchOptions(
        partial(ProcessExecutor, factory), digest[:16], given["jobs"], given["force"], given["retry_failed"], stop
    )


def run_tasks(
    recordings: Sequence[Path], given: Mapping[str, Any], options: BatchOptions, manifest: Manifest
) -> Summary:
    """How the batch went, after showing it."""
    from meetscribe.cli.display.batch_progress import board
    from meetscribe.corpus import Event, make_tasks, run_batch

    tasks = make_tasks(recordings, manifest)
    sizes = {path: path.stat().st_size if is_file(path) else 0 for path in recordings}
    written: list[str] = []
    with board(kind_of(given), sizes) as shown:

        def tell(event: Event) -> None:
            shown(event)
            written.extend(os.path.relpath(destinations) for destinations in event.outputs)
            while written and not sys.stdout.isatty():  # where bars move, names come after them
                click.echo(written.pop(0))

        summary = run_batch(tasks, options, manifest, tell)
    for destinations in written:
        click.echo(destinations)
    return summary


def finish(summary: Summary, manifest: Manifest) -> None:
    """Say how a batch went; raises what its exit code stands for."""
    from meetscribe.cli.display.batch_progress import tell_summary
    from meetscribe.errors import IncompleteError, WeightsError

    tell_summary(summary, manifest.file)
    if summary.fatal_error:
        raise WeightsError("the batch was ended: so would all other recordings")
    if summary.interrupted:
        raise KeyboardInterrupt
    if summary.failed or summary.incomplete:
        raise IncompleteError("not every recording is done")


@contextmanager
def interruptions() -> Iterator[Callable[[], bool]]:
    """Yield what says whether Ctrl-C was pressed; pressed a second time, it raises KeyboardInterrupt."""
    pressed = False

    def press(number: int, frame: object) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True
        say("stopping where nothing is lost; Ctrl-C again stops at once")

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _folder(recordings: Sequence[Path], given: Mapping[str, Any]) -> Path:
    """Where the manifest lies: in the output folder, or where all recordings are."""
    if not given["beside"]:
        return Path(given["output"])
    return Path(os.path.commonpath([path.absolute().parent for path in recordings]))
