"""`meetscribe watch`: transcribe the recordings that appear in a folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from meetscribe.cli.batch import (
    INTERRUPTION_NOTE,
    MANIFEST,
    batch_options,
    plan_batch,
    run_tasks,
)
from meetscribe.cli.display import messages
from meetscribe.cli.display.batch_progress import print_summary
from meetscribe.cli.display.progress import display_kind
from meetscribe.cli.flags import WITHOUT_SPEAKERS_EACH, settings_flags
from meetscribe.cli.interruption import interruptible
from meetscribe.cli.library import add_to_library_option, require_native_json
from meetscribe.cli.locations import local_folder, output_folder
from meetscribe.cli.options import STDOUT, general_options, output_options, progress_option
from meetscribe.cli.sections import BATCH, SectionedCommand, option
from meetscribe.corpus import BatchOptions, Manifest, Snapshot, make_tasks, unchanged
from meetscribe.corpus.inputs import recordings_in
from meetscribe.errors import InputError
from meetscribe.timeline import Seconds

EPILOG = """\b
Examples:
  meetscribe watch ~/Recordings -o ~/Transcripts
  meetscribe watch inbox --beside --interval 60
"""

_ONLY_RUN = {
    "dry_run": "--dry-run",
    "listed": "--list",
    "shard": "--shard",
    "retry_failed": "--retry-failed",
    "force": "--force",
}
"""The options that make no sense for a folder whose recordings are processed as they appear, by parameter."""

_POLL_INTERVAL: Seconds = 0.2  # between checks for Ctrl-C


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path))
@settings_flags(WITHOUT_SPEAKERS_EACH)
@output_options("json,txt,srt,vtt,csv,rttm", folder=output_folder)
@add_to_library_option
@batch_options
@option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    section=BATCH,
    help="Time between two scans of the folder.",
)
@progress_option
@general_options
def command(folder: Path, interval: float, **given: Any) -> None:
    """Transcribe the recordings in FOLDER, including later ones, until Ctrl-C.

    A recording is processed when two successive scans find it unchanged, so files still being copied are not read.

    Recordings listed in the manifest, finished or failed, are not processed again, also after a restart, unless the
    file or the settings change; to retry failed ones, use meetscribe run. Folders of live sessions are not processed.

    -o -, --dry-run, --list, --shard, --retry-failed and --force are not available.
    """
    for name, flag in _ONLY_RUN.items():
        if given[name]:
            raise click.UsageError(f"{flag} is not available for meetscribe watch.")
    if str(given["output"]) == STDOUT and not given["beside"]:
        raise click.UsageError("-o - requires a single recording. Choose a folder.")
    require_native_json(given)
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "Give the folder to watch.")
    manifest = Manifest(given["manifest"] or (folder if given["beside"] else local_folder(given["output"])) / MANIFEST)
    messages.set_interruption_note(INTERRUPTION_NOTE)
    with interruptible(display_kind(given)) as stop:
        plan = plan_batch(given, stop)
        scan = Snapshot.of(recordings_in(folder))
        while not stop():
            _wait(interval, stop)
            previous, scan = scan, Snapshot.of(recordings_in(folder))
            process_new(unchanged(previous, scan), given, plan, manifest)
    raise KeyboardInterrupt


def process_new(paths: Iterable[Path], given: Mapping[str, Any], plan: BatchOptions, manifest: Manifest) -> None:
    """Process the files that have not been attempted in their present state; folders of live sessions are left out."""
    new = [path for path in paths if path.is_file() and not manifest.was_attempted(path, plan.settings_digest)]
    if new and not plan.stop():
        summary = run_tasks(make_tasks(new, manifest), given, plan, manifest)
        if not given["quiet"]:
            print_summary(summary, manifest.file, display_kind(given), retries=False)


def _wait(seconds: Seconds, stop: Callable[[], bool]) -> None:
    """Wait for a number of seconds, or until `stop` returns true."""
    end = time.monotonic() + seconds
    while not stop() and time.monotonic() < end:
        time.sleep(min(_POLL_INTERVAL, seconds))
