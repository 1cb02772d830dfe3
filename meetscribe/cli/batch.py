"""Batches on the command line: options, plan, progress display and summary."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from meetscribe.cli.cluster import cluster_workers, on_cluster, plan_cluster, prices
from meetscribe.cli.display import messages
from meetscribe.cli.display.batch_progress import batch_display, print_costs, print_other_files, print_summary
from meetscribe.cli.display.progress import display_kind
from meetscribe.cli.flags import format_options_from, settings_from
from meetscribe.cli.interruption import interruptible
from meetscribe.cli.library import library_of_run
from meetscribe.cli.locations import manifest_folder, recordings_of_batch, shown_output
from meetscribe.cli.sections import BATCH, option
from meetscribe.corpus import (
    BatchOptions,
    Delivery,
    Event,
    Manifest,
    Summary,
    Task,
    make_tasks,
    may_name_several,
    run_batch,
    shard,
)
from meetscribe.corpus.batch import is_pending
from meetscribe.corpus.events import OnEvent
from meetscribe.corpus.inputs import other_files
from meetscribe.corpus.manifest import FILE_NAME
from meetscribe.corpus.remote.files import Location, RemoteFile, file_state
from meetscribe.corpus.remote.stores import require_store
from meetscribe.errors import IncompleteError, WeightsError
from meetscribe.formats import parse_names
from meetscribe.publishing.file_names import Template
from meetscribe.publishing.vocabulary_files import read_optional_vocabulary

C = TypeVar("C", bound="Callable[..., Any]")

MANIFEST = FILE_NAME
INTERRUPTION_NOTE = "run the same command again to process the remaining recordings"
_FORCED_NOTE = "the same command, with --force, processes all recordings again"
_DEFAULT_NAME, _DEFAULT_TRIES = "{stem}", 3
_BATCH_ONLY = ("listed", "beside", "manifest", "shard", "force", "retry_failed", "corpus")

_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--list", "listed"),
        {
            "type": click.Path(path_type=Path),
            "metavar": "FILE",
            "help": "Also process the recordings in this text file, one path per line.",
        },
    ),
    (
        ("--jobs",),
        {
            "type": click.IntRange(1),
            "metavar": "N",
            "help": "Recordings to process in parallel; each job loads its own models.  [default: 1]",
        },
    ),
    (
        ("--shard",),
        {"metavar": "I/N", "help": "Process only the I-th of N equal parts, for example in a job array."},
    ),
    (
        ("--tries",),
        {
            "type": click.IntRange(1),
            "default": _DEFAULT_TRIES,
            "show_default": True,
            "metavar": "N",
            "help": "Attempts per recording if the worker dies, runs out of memory or disk space, or cannot reach the "
            "files of the recording.",
        },
    ),
    (("--retry-failed",), {"is_flag": True, "help": "Process only recordings that failed or are incomplete."}),
    (("--force",), {"is_flag": True, "help": "Also process recordings that are already done."}),
    (
        ("--manifest",),
        {
            "type": click.Path(path_type=Path),
            "metavar": "FILE",
            "help": f"Log of results, one JSON object per line.  [default: {MANIFEST} in the output folder or, with "
            "--beside, in the folder that contains all recordings; in the current folder if that is remote]",
        },
    ),
    (
        ("--name", "template"),
        {
            "default": _DEFAULT_NAME,
            "metavar": "TEMPLATE",
            "show_default": True,
            "help": "Name of the output files, with the fields {stem}, {suffix}, {folder}, {date} (last change "
            "of the file), {hash}, {language}, {speaker_count} and {duration}.",
        },
    ),
    (("--beside",), {"is_flag": True, "help": "Write the output files beside each recording."}),
    (
        ("--corpus",),
        {
            "type": click.Path(path_type=Path),
            "metavar": "DIR",
            "help": "Also add each recording to this corpus of Parquet tables, created if missing; needs pyarrow.",
        },
    ),
)


def batch_options(command: C) -> C:
    """Add the options for many recordings to a command."""
    for names, attributes in reversed(_OPTIONS):
        command = option(*names, section=BATCH, **attributes)(command)
    return command


def is_batch(arguments: Sequence[str], given: Mapping[str, Any]) -> bool:
    """Return whether there are several recordings, or the arguments or options require a batch."""
    return requires_batch(arguments, given) or len(arguments) != 1


def requires_batch(arguments: Sequence[str], given: Mapping[str, Any]) -> bool:
    """Return whether a batch option differs from its default, or there is a folder, a pattern or an address.

    Raises UsageError for an option that requires --executor ray without it.
    """
    chosen = any(given[name] for name in _BATCH_ONLY)
    values = (given["template"], given["tries"], given["jobs"] or 1)
    changed = on_cluster(given) or values != (_DEFAULT_NAME, _DEFAULT_TRIES, 1)
    is_remote = isinstance(given["output"], RemoteFile)
    return chosen or changed or is_remote or any(map(may_name_several, arguments))


def process_batch(arguments: Sequence[str], given: Mapping[str, Any]) -> None:
    """Process many recordings with the options in `given`, and print the paths of the files written.

    With --dry-run, print the plan instead. Raises the errors of `recordings_of_batch`, `plan_batch` and `finish_batch`.
    """
    recordings = recordings_of_batch(arguments, given)
    if not given["quiet"]:
        print_other_files(other_files(arguments), display_kind(given))
    manifest = Manifest(given["manifest"] or manifest_folder(recordings, given) / MANIFEST)
    messages.set_interruption_note(_FORCED_NOTE if given["force"] else INTERRUPTION_NOTE)
    with interruptible(display_kind(given)) as stop:
        plan = plan_batch(given, stop)
        tasks = shard(make_tasks(recordings, manifest), given["shard"])
        if given["dry_run"]:
            _print_plan(tasks, given, plan, manifest)
        else:
            summary = run_tasks(tasks, given, plan, manifest)
            if on_cluster(given) and not given["quiet"]:
                print_costs(summary, prices(given), display_kind(given))
            finish_batch(summary, manifest, given)


def plan_batch(given: Mapping[str, Any], stop: Callable[[], bool]) -> BatchOptions:
    """Return the options of the batch, which ends early once `stop` returns true.

    Raises SettingsError for invalid settings or a TOML file that cannot be read, UsageError for invalid or missing
    options, and InputError if the file of --vocabulary cannot be read.
    """
    from meetscribe.corpus.transcription import transcription_options  # imports the pipeline with its libraries

    _check_corpus(given)
    settings, delivery = settings_from(given), _delivery(given)
    if on_cluster(given):
        options = plan_cluster(settings, delivery, given)
    else:
        options = replace(transcription_options(settings, delivery), jobs=given["jobs"] or 1)
    return replace(options, tries=given["tries"], force=given["force"], only_failed=given["retry_failed"], stop=stop)


def _delivery(given: Mapping[str, Any]) -> Delivery:
    """Return the folder, formats and names of the output files.

    Raises SettingsError for invalid options, and if the package for a remote folder is missing.
    """
    formats = parse_names(given["formats"])
    folder = None if given["beside"] else given["output"]
    if isinstance(folder, RemoteFile):
        require_store(folder)
    options = format_options_from(given, formats)
    vocabulary = read_optional_vocabulary(given.get("corrections_file"))
    return Delivery(folder, formats, Template(given["template"]), given["overwrite"], options, vocabulary)


def _print_plan(tasks: Sequence[Task], given: Mapping[str, Any], plan: BatchOptions, manifest: Manifest) -> None:
    """Print the models and devices of the batch, the state of each recording, the files to be written, and totals."""
    from meetscribe.cli.display import dry_run  # imports the pipeline with its libraries

    dry_run.print_resources(settings_from(given), plan.jobs or 1, cluster_workers(given))
    delivery, counts, size = _delivery(given), Counter[str](), 0
    for task in tasks:
        state = _planned_state(task.recording, plan, manifest)
        click.echo(f"{state:<14} {task.recording}")
        for file in delivery.planned_files(task) if state == "to do" else ():
            click.echo(f"{'  would write':<14} {file}")
        counts[state] += 1
        size += (file_state(task.recording) or (0, 0))[0] if state == "to do" else 0
    shown = {state: f"{counts[state]} {state}" for state in ("to do", "done", "skipped") if counts[state]}
    if counts["to do"]:
        shown["to do"] += f" ({size / 1e6:,.1f} MB)"
    click.echo(f"{'total':<14} {', '.join(shown.values())}")


def _planned_state(recording: Location, plan: BatchOptions, manifest: Manifest) -> str:
    """Return "to do", "done" or, for a recording that --retry-failed leaves out though it is not done, "skipped"."""
    if is_pending(recording, plan, manifest):
        return "to do"
    return "done" if manifest.is_done(recording, plan.settings_digest) else "skipped"


def run_tasks(tasks: Sequence[Task], given: Mapping[str, Any], plan: BatchOptions, manifest: Manifest) -> Summary:
    """Run the batch with a progress display, and print the paths of the files written."""
    paths = [task.recording for task in tasks]
    sizes = {path: (file_state(path) or (0, 0))[0] for path in paths}
    written: list[str] = []
    on_ray = on_cluster(given)
    if on_ray and display_kind(given) in ("bars", "lines"):
        messages.info(f"starting {cluster_workers(given)}; each loads its models first")
    with (
        library_of_run(given, paths) as add_to_library,
        batch_display(display_kind(given), sizes, on_ray) as display,
        _corpus(given, manifest) as record,
    ):

        def on_event(event: Event) -> None:
            display(event)
            record(event)
            add_to_library(_outputs(event, manifest))
            written.extend(map(shown_output, event.outputs))
            while written and not sys.stdout.isatty():  # on a terminal they are printed after the bars
                click.echo(written.pop(0))

        summary = run_batch(tasks, plan, manifest, on_event)
    for output in written:
        click.echo(output)
    return summary


def _check_corpus(given: Mapping[str, Any]) -> None:
    """Raise UsageError if no output format holds the whole transcript, which --corpus requires."""
    if given["corpus"] and not {"json", "parquet"}.intersection(parse_names(given["formats"])):
        raise click.UsageError("--corpus requires json or parquet among the formats of -f.")


@contextmanager
def _corpus(given: Mapping[str, Any], manifest: Manifest) -> Iterator[OnEvent]:
    """Yield a callback for events that adds the recordings to the corpus of --corpus."""
    if given["corpus"] is None:
        yield lambda event: None
        return
    from meetscribe.corpus.tables import CorpusWriter, adding_callback  # imports pyarrow

    with CorpusWriter(given["corpus"], create=True) as writer:
        yield adding_callback(writer, manifest)


def _outputs(event: Event, manifest: Manifest) -> tuple[str, ...]:
    """Return the output files of a recording: those just written or, if it was skipped, those of an earlier run."""
    last = manifest.last(event.recording) if event.kind == "skip" else None
    return last.outputs if last is not None else event.outputs


def finish_batch(summary: Summary, manifest: Manifest, given: Mapping[str, Any]) -> None:
    """Print the summary unless --quiet is given, and raise the error that determines the exit code of the batch.

    Raises WeightsError if it was stopped by a fatal error, KeyboardInterrupt if it was interrupted, and IncompleteError
    if a recording failed or is incomplete.
    """
    if not given["quiet"]:
        print_summary(summary, manifest.file, display_kind(given), force=bool(given.get("force")))
    if summary.fatal_error:
        reason = "the batch was stopped because every recording would fail with the same error"
        raise WeightsError(reason, "Correct it and run the same command again.")
    if summary.interrupted:
        raise KeyboardInterrupt
    if summary.failed or summary.incomplete:
        raise IncompleteError("some recordings failed or are incomplete")
