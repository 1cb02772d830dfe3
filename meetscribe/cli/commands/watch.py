"""`meetscribe watch`: the recordings that come into a folder, each as soon as it has come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.batch import LEFT, MANIFEST, batch_flags, batch_options, interruptions, run_tasks
from meetscribe.cli.commands.run import output_flags
from meetscribe.cli.display.messages import foresee_interruption
from meetscribe.cli.display.run_progress import progress_flag
from meetscribe.cli.options import WATCHING, SectionedCommand, SectionedOption, settings_flags, talk_flags

if TYPE_CHECKING:
    from meetscribe.corpus import BatchOptions, Manifest

EPILOG = """\b
Examples:
  meetscribe watch ~/Recordings -o ~/Transcripts
  meetscribe watch inbox --beside --interval 60
"""


@click.command(cls=SectionedCommand, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("folder", type=click.Path(path_type=Path))
@settings_flags(WATCHING)
@output_flags("json,txt,srt,vtt,csv,rttm")
@batch_flags
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    cls=SectionedOption,
    help="time between two looks; a file is taken when two find it unchanged",
)
@progress_flag
@talk_flags
def command(folder: Path, interval: float, **given: Any) -> None:
    """Transcribe what is in FOLDER and what comes into it, until Ctrl-C.

    What is done stands in the manifest, so that nothing is done twice after a restart. What failed is tried again
    when the file has changed, or by meetscribe run.
    """
    from meetscribe.corpus import Manifest, Snapshot, unchanged
    from meetscribe.corpus.inputs import in_folder
    from meetscribe.errors import InputError

    if given["dry_run"]:
        raise click.UsageError("--dry-run is for meetscribe run.")
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder", "Give one that recordings come into.")
    manifest = Manifest(given["manifest"] or (folder if given["beside"] else given["output"]) / MANIFEST)
    foresee_interruption(LEFT)
    with interruptions() as stop:
        options = batch_options(given, {}, stop)
        seen = Snapshot.of(in_folder(folder))
        while not stop():
            _wait(interval, stop)
            before, seen = seen, Snapshot.of(in_folder(folder))
            take(unchanged(before, seen), given, options, manifest)
    raise KeyboardInterrupt


def take(paths: Iterable[Path], given: Mapping[str, Any], options: BatchOptions, manifest: Manifest) -> None:
    """Work on those of the files that were not tried as they are now."""
    from meetscribe.cli.display.batch_progress import tell_summary

    new = [path for path in paths if path.is_file() and not manifest.was_attempted(path, options.settings_digest)]
    if new and not options.stop():
        tell_summary(run_tasks(new, given, options, manifest), manifest.file)


def _wait(seconds: float, stop: Callable[[], bool]) -> None:
    """Wait so long, or until it is time to stop."""
    end = time.monotonic() + seconds
    while not stop() and time.monotonic() < end:
        time.sleep(min(0.2, seconds))
