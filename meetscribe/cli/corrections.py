"""Shared parts of the commands that correct a transcript: edit log, saving, and the summary of changes."""

from __future__ import annotations

import json
import os
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.tables import print_columns
from meetscribe.cli.options import json_option, message_options
from meetscribe.cli.sections import SectionedCommand
from meetscribe.errors import JSON
from meetscribe.formats import load
from meetscribe.formats.revisions import save_revision
from meetscribe.publishing.corrections import edited_chapters, feed_copy, stale_documents, stale_exports
from meetscribe.publishing.written_files import was_written
from meetscribe.text.counting import counted
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Edit, Segment, Transcript
from meetscribe.transcript.display import clock
from meetscribe.transcript.edits.application import unapplied_edits
from meetscribe.transcript.edits.comparison import changed_segments, repeated_words
from meetscribe.transcript.edits.description import describe_edit, quoted
from meetscribe.transcript.edits.labels import names_by_label
from meetscribe.transcript.edits.revision import revision
from meetscribe.transcript.edits.values import edit_members

_MAX_SEGMENTS = 6  # maximum number of segments printed before and after a correction


file_argument = click.argument("file", type=click.Path(path_type=Path))
"""The transcript to correct."""


@click.command("log", cls=SectionedCommand)
@file_argument
@json_option
@message_options
def log_command(file: Path, as_json: bool) -> None:
    """List the corrections of FILE, of words and speakers, oldest first.

    Prints the number, the time (UTC) and a description of each correction.
    """
    _print_log(file, as_json)


def _print_log(file: Path, as_json: bool) -> None:
    """Print the corrections in a file, oldest first, and mark those without effect."""
    transcript = load(file)
    edits, unapplied = transcript.meta.edits, set(unapplied_edits(transcript))
    if as_json:
        entries: list[JSON] = [
            {"number": number, "applies": number not in unapplied, **edit_members(edit)}
            for number, edit in enumerate(edits, start=1)
        ]
        click.echo(json.dumps(entries, ensure_ascii=False, indent=1))
        return
    names = names_by_label(edits)
    rows = [
        (
            str(number),
            (edit.made or "").replace("T", " ").removesuffix("+00:00"),
            describe_edit(edit, names) + (" (no effect: its words do not exist)" if number in unapplied else ""),
        )
        for number, edit in enumerate(edits, start=1)
    ]
    print_columns(("number", "made", "correction"), rows, right=(0,))


def save_correction(
    file: Path,
    before: Transcript,
    after: Transcript,
    *,
    show_segments: bool = False,
    as_json: bool = False,
    listed: Sequence[JSON] | None = None,
) -> None:
    """Save the corrected file; print the corrections made or undone, and the files that are out of date.

    With `show_segments`, the changed segments are printed before and after the correction. `listed` are the differences
    that the caller prints itself: the corrections are then only counted, and --json also prints the differences.
    Raises RevisionError if the file has changed since `before` was read.
    """
    changed = any(changed_edits(before, after)) or bool(changed_description(before, after))
    if changed:
        save_revision(after, file, "json", before=before)
    documents = stale_documents(file) if changed else {}
    stale = stale_exports(file, before, documents) if changed else {}
    update = ["meetscribe", "export", str(file), "-f", ",".join(stale), "-o", str(file.parent)]
    # All stale files are unedited exports, but export needs --overwrite for those whose digest is not stored.
    update += [] if all(map(was_written, stale.values())) else ["--overwrite"]
    if as_json:
        listing: dict[str, JSON] = {} if listed is None else {"differences": [*listed]}
        report = listing | _report(before, after, stale, update if stale else [])
        report |= {name: new for name, (_, new) in changed_description(before, after).items()}
        report["documents_out_of_date"] = {name: [str(path) for path in paths] for name, paths in documents.items()}
        report["update_documents"] = [[*command] for command in _document_updates(file, documents)]
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    _print_changes(before, after, show_segments=show_segments, listed=None if listed is None else len(listed))
    if stale:
        _print_out_of_date([path.name for path in stale.values()], "To update them, run:", [update])
    if documents:
        paths = [os.path.relpath(path, file.parent) for group in documents.values() for path in group]
        updates = _document_updates(file, documents)
        _print_out_of_date(paths, "To update them, run these commands with the options you used before:", updates)


def _print_changes(before: Transcript, after: Transcript, *, show_segments: bool, listed: int | None) -> None:
    """Print the corrections, or their number if `listed` differences were listed before.

    With `show_segments`, the changed segments follow.
    """
    made, undone = changed_edits(before, after)
    described = changed_description(before, after)
    for name, (_, value) in described.items():
        messages.info(f"{name}: {one_line(value) if value else 'removed'}")
    if not (made or undone or described):
        messages.info("nothing to change")
    elif listed is not None and made:
        stored = counted(len(made), "correction")
        differ = len(made) != listed  # a renaming of several speakers is one correction
        messages.info(f"{counted(listed, 'difference')} stored as {stored}" if differ else f"{stored} stored")
    else:
        _print_edits(before, after)
    for line in _segment_lines(before, after) if show_segments else ():
        messages.info(line)
    for word in repeated_words(before, after) if made and show_segments else ():
        place = f"at {clock(word.start)} repeats the word before it"
        messages.info(f"note: {quoted(word.text)} {place}; if that is a mistake, the passage was too short")
    for edit in _without_effect(before, after):
        messages.info(f"without effect now: {describe_edit(edit, names_by_label(after.meta.edits))}")


def _print_edits(before: Transcript, after: Transcript) -> None:
    """Print the corrections made, with the current names of speakers, and those undone, with the former names."""
    made, undone = changed_edits(before, after)
    for edit in made:
        messages.info(describe_edit(edit, names_by_label(after.meta.edits)))
    for edit in undone:
        messages.info(f"undone: {describe_edit(edit, names_by_label(before.meta.edits))}")


def _print_out_of_date(names: Sequence[str], advice: str, commands: Iterable[Sequence[str]]) -> None:
    """Print the names of files that lack a correction, and the commands that update them."""
    messages.info(f"out of date: {', '.join(names)}. {advice}")
    for command in commands:
        messages.info(f"  {shlex.join(command)}")


def _document_updates(file: Path, documents: Mapping[str, Sequence[Path]]) -> Iterator[list[str]]:
    """Yield the commands that update the documents of each kind; without --overwrite, they keep edited files.

    The path of a feed is not known, only that of its copy, so the command has FEED in its place.
    """
    for command, paths in documents.items():
        if command == "podcast":
            chapters = edited_chapters(file)
            chosen = ["--chapters", str(chapters)] if chapters else []
            yield ["meetscribe", command, str(file), *chosen, "-o", str(file.parent)]
            continue
        if command == "feed":
            yield ["meetscribe", "podcast", "--feed", "FEED", "-o", str((feed_copy(file) or file).parent)]
            continue
        outputs = [str(path) for path in paths]
        for group in [outputs] if command == "minutes" else [[output] for output in outputs]:
            yield ["meetscribe", command, str(file), *(part for output in group for part in ("-o", output))]


def changed_edits(before: Transcript, after: Transcript) -> tuple[list[Edit], list[Edit]]:
    """Return the edits made (only in the second log), and those undone (only in the first log, the latest first)."""
    old, new = before.meta.edits, after.meta.edits
    made, undone = Counter(new) - Counter(old), Counter(old) - Counter(new)
    return list(made.elements()), list(undone.elements())[::-1]


def changed_description(before: Transcript, after: Transcript) -> dict[str, tuple[str | None, str | None]]:
    """Return the old and the new title, and the old and the new date, if they differ."""
    pairs = {
        "title": (before.meta.title, after.meta.title),
        "date": (before.meta.recorded_at, after.meta.recorded_at),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _without_effect(before: Transcript, after: Transcript) -> list[Edit]:
    """Return the edits that no longer have an effect, because of the last correction."""
    then = {before.meta.edits[number - 1] for number in unapplied_edits(before)}
    now = [after.meta.edits[number - 1] for number in unapplied_edits(after)]
    return [edit for edit in now if edit not in then]


def _segment_lines(before: Transcript, after: Transcript) -> Iterator[str]:
    """Yield the changed segments as lines, with "-" before the old and "+" before the new ones."""
    for sign, segments in zip("-+", changed_segments(before, after), strict=True):
        for segment in segments[:_MAX_SEGMENTS]:
            name = f" {one_line(segment.speaker)}:" if segment.speaker else ""
            yield f"{sign} [{clock(segment.start)}]{name} {one_line(segment.text)}"
        if len(segments) > _MAX_SEGMENTS:
            yield f"{sign} and {len(segments) - _MAX_SEGMENTS} more"


def _report(before: Transcript, after: Transcript, stale: dict[str, Path], update: Sequence[str]) -> dict[str, JSON]:
    """Return the members that --json prints about the correction of the words and speakers."""
    made, undone = changed_edits(before, after)
    old, new = (list(map(_members, segments)) for segments in changed_segments(before, after))
    return {
        "made": [edit_members(edit) for edit in made],
        "undone": [edit_members(edit) for edit in undone],
        "repeated": [
            {"start": word.start, "end": word.end, "text": word.text} for word in repeated_words(before, after)
        ],
        "without_effect": [edit_members(edit) for edit in _without_effect(before, after)],
        "before": [*old],
        "after": [*new],
        "revision": revision(after.meta.edits),
        "out_of_date": {name: str(path) for name, path in stale.items()},
        "update": list(update),
    }


def _members(segment: Segment) -> JSON:
    return {"start": segment.start, "end": segment.end, "speaker": segment.speaker, "text": segment.text}
