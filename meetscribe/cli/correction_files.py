"""Corrections from files: an edited copy of the transcript, or a correction vocabulary."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from meetscribe.cli.corrections import changed_description, save_correction
from meetscribe.cli.display import messages
from meetscribe.cli.display.tables import print_columns
from meetscribe.cli.options import STDIN
from meetscribe.cli.sections import CORRECTIONS, option
from meetscribe.cli.transcripts import read_stdin
from meetscribe.errors import JSON
from meetscribe.publishing.corrected_copies import CopyCorrections, compare_copy, read_copy
from meetscribe.publishing.vocabulary_files import add_rows, read_vocabulary, row_line
from meetscribe.text.counting import counted
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Transcript
from meetscribe.transcript.comparison.importing import TIMES, Difference
from meetscribe.transcript.display import clock
from meetscribe.transcript.edits.description import describe_edit, quoted
from meetscribe.transcript.edits.labels import names_by_label
from meetscribe.transcript.edits.values import Delete, Replace, edit_members
from meetscribe.transcript.vocabulary.application import Vocabulary, apply_vocabulary
from meetscribe.transcript.vocabulary.learning import propose_rows

C = TypeVar("C", bound=Callable[..., Any])

_MAX_KEPT = 5  # corrections named in a warning

FILE_OPTIONS = {"copy": "--from", "vocabulary": "--with", "learned": "--learn"}
"""The options that name a file of corrections, by parameter; at most one is given."""


def file_options(command: C) -> C:
    """Add the options of corrections from files."""
    for decorator in reversed(_OPTIONS):
        command = decorator(command)
    return command


_OPTIONS = (
    option(
        "--from",
        "copy",
        metavar="COPY",
        section=CORRECTIONS,
        help="Import the words and speakers of an edited copy of the transcript, in any format that meetscribe reads.",
    ),
    option(
        "--format",
        metavar="NAME",
        section=CORRECTIONS,
        help="--from: format of COPY.  [default: detected from the content]",
    ),
    option(
        "--encoding",
        metavar="NAME",
        section=CORRECTIONS,
        help="--from: character encoding of COPY, such as cp1252.  [default: detected from the content]",
    ),
    option(
        "--times",
        section=CORRECTIONS,
        type=click.Choice(TIMES),
        default=TIMES[0],
        show_default=True,
        help="--from: keep the times of words, or use those of COPY.",
    ),
    option(
        "--with",
        "vocabulary",
        metavar="TOML",
        section=CORRECTIONS,
        help='Apply a correction vocabulary, with lines such as "vitter bee" = "Viterbi".',
    ),
    option(
        "--learn",
        "learned",
        metavar="TOML",
        section=CORRECTIONS,
        help="Print vocabulary lines for words that were replaced with the same text more than once.",
    ),
    option("--write", is_flag=True, section=CORRECTIONS, help="--learn: add the lines to the file."),
    option(
        "--dry-run",
        is_flag=True,
        section=CORRECTIONS,
        help="--from, --with: list the corrections without storing them.",
    ),
)


def correct_from_file(file: Path, before: Transcript, given: Mapping[str, Any]) -> None:
    """Apply the file option in `given` to the transcript, and list the corrections on stdout."""
    if given["copy"] is not None:
        _import(file, before, given)
    elif given["vocabulary"] is not None:
        _apply(file, before, given)
    else:
        _learn(before, Path(given["learned"]), given["write"], given["as_json"])


def _import(file: Path, before: Transcript, given: Mapping[str, Any]) -> None:
    """Import the corrections that an edited copy contains into `file`, unless --dry-run is given."""
    options = {name: given[name] for name in ("times", "encoding")}
    name = "stdin" if given["copy"] == STDIN else given["copy"]
    data = read_stdin() if given["copy"] == STDIN else read_copy(Path(name))
    found = compare_copy(before, data, name, given["format"], **options)
    differences = list(map(asdict, found.differences))
    _store(file, (before, found.apply(before)), differences, list(map(_row, found.differences)), given)
    for warning in _warnings(file, before, found, name):
        messages.warning(warning)


def _warnings(file: Path, before: Transcript, found: CopyCorrections, name: str) -> Iterator[str]:
    """Yield the differences not applied, the corrections that the copy lacks, and changes that may be unintended."""
    for difference in found.differences:
        if not difference.applied:
            words = f"{clock(difference.start)}: {quoted(difference.text)}"
            yield f"{words} was not assigned: others speak at the same time"
    if found.missing:
        kept = "; ".join(_log_entries(before, found.missing))
        undo = f"meetscribe correct undo {shlex.quote(str(file))} N"
        reason = "probably because it was exported before they were made"
        yield f"{name} lacks these corrections, {reason}; they are kept: {kept}. To undo one, run: {undo}"
    if found.unread_date:
        date = before.meta.recorded_at
        yield f"the line below the title of {name} has no date such as 2026-11-27; the date stays {date}"
    for text in found.unnamed:
        reading = "it was read as words of the speaker before it; for remarks, use comments in Word"
        yield f"the paragraph {quoted(text)} has neither a time nor a name: {reading}"
    for text in found.untimed:
        reading = "its name is new, so it was read as words of a new speaker"
        yield f"the line {quoted(text)} has no time: {reading}; to give the time, write [0:01:02] before the name"


def _log_entries(transcript: Transcript, numbers: Sequence[int]) -> Iterator[str]:
    """Yield the number and the description of the first corrections, and the number of the others."""
    edits = transcript.meta.edits
    for number in numbers[:_MAX_KEPT]:
        yield f"{number} {describe_edit(edits[number - 1], names_by_label(edits))}"
    if len(numbers) > _MAX_KEPT:
        yield f"{len(numbers) - _MAX_KEPT} more"


def _apply(file: Path, before: Transcript, given: Mapping[str, Any]) -> None:
    """Store the corrections of a vocabulary."""
    after = apply_vocabulary(before, read_vocabulary(Path(given["vocabulary"])))
    added = [edit for edit in after.meta.edits[len(before.meta.edits) :] if isinstance(edit, Replace | Delete)]
    rows = [
        (clock(edit.start), edit.kind, quoted(edit.quote), quoted(edit.text) if isinstance(edit, Replace) else "", "")
        for edit in added
    ]
    _store(file, (before, after), [edit_members(edit) for edit in added], rows, given)


def _store(
    file: Path,
    states: tuple[Transcript, Transcript],
    differences: Sequence[JSON],
    rows: Sequence[tuple[str, ...]],
    given: Mapping[str, Any],
) -> None:
    """List the differences between two states of a transcript; save the second unless --dry-run is given.

    `differences` is what --json prints, `rows` are the same differences as rows of the table.
    """
    described = changed_description(*states) if given["dry_run"] else {}
    if given["dry_run"]:
        rows = [
            *(("", name, one_line(old or ""), one_line(new or ""), "") for name, (old, new) in described.items()),
            *rows,
        ]
    if given["as_json"] and given["dry_run"]:
        new = {name: value for name, (_, value) in described.items()}
        click.echo(json.dumps({"differences": [*differences], **new}, ensure_ascii=False, indent=1))
    elif rows and not given["as_json"]:
        # The last column, the words whose speaker or times change, is left out if it is empty.
        width = 5 if any(row[4] for row in rows) else 4
        head = ("time", "change", "before", "after", "words")[:width]
        print_columns(head, [row[:width] for row in rows], right=())
    if given["dry_run"]:
        messages.info(f"{counted(len(rows), 'difference')}, none stored" if rows else "no differences")
    else:
        save_correction(file, *states, as_json=given["as_json"], listed=differences)


def _row(difference: Difference) -> tuple[str, str, str, str, str]:
    """Return a difference as a table row; texts are in quotation marks, names of speakers are not."""
    is_text = difference.kind in ("replace", "delete", "insert")
    before, after = (
        "" if not text else quoted(text) if is_text else one_line(text)
        for text in (difference.before, difference.after)
    )
    return clock(difference.start), difference.kind, before, after, quoted(difference.text) if difference.text else ""


def _learn(transcript: Transcript, file: Path, write: bool, as_json: bool) -> None:
    """Print the proposed rows; with `write`, add them to the file."""
    vocabulary = read_vocabulary(file) if file.exists() else Vocabulary((), file.name)
    proposed = propose_rows(transcript, vocabulary)
    if as_json:
        rows = [{"wrong": row.wrong, "right": row.right, "corrections": count} for row, count in proposed]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row, count in proposed:
            click.echo(f"{row_line(row)}  # {count} corrections")
    if not proposed:
        messages.info("nothing to propose: there are no new repeated replacements")
    elif write:
        add_rows(file, [row for row, _ in proposed])
        messages.info(f"added {counted(len(proposed), 'line')} to {file}")
    else:
        messages.info(f"to add {'it' if len(proposed) == 1 else 'them'} to {file}, use --write")


def check_file_options(given: Mapping[str, Any]) -> None:
    """Raise UsageError if an option is given without the file option that it modifies."""
    required = {"format": ["copy"], "encoding": ["copy"], "write": ["learned"], "dry_run": ["copy", "vocabulary"]}
    for name, sources in required.items():
        if given[name] and all(given[source] is None for source in sources):
            needed = " or ".join(FILE_OPTIONS[source] for source in sources)
            raise click.UsageError(f"--{name.replace('_', '-')} requires {needed}.")
    if given["times"] != TIMES[0] and given["copy"] is None:
        raise click.UsageError("--times requires --from.")
