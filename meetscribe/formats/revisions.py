"""Save transcripts without losing concurrent corrections: the file is checked and replaced under a lock."""

from __future__ import annotations

import json
from pathlib import Path

from meetscribe.errors import InputError, OutputError, RevisionError
from meetscribe.formats.converting import format_by_suffix
from meetscribe.formats.files import load, save
from meetscribe.formats.json import matches
from meetscribe.formats.parts.document import Document
from meetscribe.storage.files import TRANSCRIPT_BYTES, folder_lock, is_file, read_file
from meetscribe.transcript import Edit, Transcript
from meetscribe.transcript.edits.description import describe_edit
from meetscribe.transcript.edits.revision import revision
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.native.edits import read_edits

_LISTED = 10  # maximum number of edits of each side in the message


def save_revision(
    transcript: Transcript, path: str | Path, format: str | None = None, *, before: Transcript | None = None
) -> None:
    """Save a transcript; raises RevisionError if the file is native JSON with corrections that the transcript lacks.

    The corrections in the file are known if their revision is that of the transcript, or one in `meta.history`. With
    `before`, the transcript as it was read, RevisionError is raised too if anything but the corrections has changed in
    the file, such as words, title or turns. Raises the errors of `formats.save` and, with `before`, of `formats.load`.
    """
    path = Path(path)
    row = format_by_suffix(path)
    if (format or (row and row.name)) != "json":
        save(transcript, path, format)
        return
    with folder_lock(_folder(path)):
        theirs = _saved_edits(path)
        known = {revision(transcript.meta.edits), *transcript.meta.history}
        if theirs is not None and revision(theirs) not in known:
            raise _conflict(path, theirs, transcript.meta.edits)
        if before is not None and load(path).with_meta(edits=()) != before.with_meta(edits=()):
            raise RevisionError(f"{path} has changed since it was read", "Repeat the correction.")
        save(transcript, path, "json")


def _folder(path: Path) -> Path:
    """Return the folder of a file, following links if possible."""
    try:
        return path.resolve().parent
    except (OSError, RuntimeError, ValueError):  # a loop of links, or a name that no file can have
        return path.parent


def _saved_edits(path: Path) -> tuple[Edit, ...] | None:
    """Return the edits in a native JSON file; None for any other file or no file. Raises OutputError."""
    try:
        data = read_file(path, TRANSCRIPT_BYTES) if is_file(path) else b""
    except OSError:
        return None
    if not data or not matches(Document(data, str(path))):
        return None
    try:
        return read_edits(Node(json.loads(data), str(path))["edits"])
    except ValueError:
        return None
    except InputError as error:
        problem = f"the corrections in the file cannot be read: {error.message}"
        raise OutputError(problem, "Save to another file.") from error


def _conflict(path: Path, theirs: tuple[Edit, ...], ours: tuple[Edit, ...]) -> RevisionError:
    """Return the error that lists the edits found only in the file or only in the transcript."""
    in_transcript, in_file = set(ours), set(theirs)
    added = [describe_edit(edit) for edit in theirs if edit not in in_transcript]
    missing = [describe_edit(edit) for edit in ours if edit not in in_file]
    lines = [f"{path} was corrected since it was read"]
    for what, edits in (("only in the file", added), ("not in the file", missing)):
        lines += [f"  {what}: {text}" for text in edits[:_LISTED]]
        lines += [f"  {what}: {len(edits) - _LISTED} more"] if len(edits) > _LISTED else []
    remedy = "Read the file again and repeat the correction, or save to another file."
    return RevisionError("\n".join(lines), remedy, revision(theirs), tuple(added), tuple(missing))
