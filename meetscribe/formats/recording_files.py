"""Transcripts in files and folders, by the name of the recording; one file may hold several."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias

from meetscribe.errors import InputError, os_reason
from meetscribe.formats import FORMATS
from meetscribe.formats.converting import format_by_suffix
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.recordings import read_recordings, read_regions
from meetscribe.formats.rttm import read_rttm
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file
from meetscribe.timeline import Span
from meetscribe.transcript import Transcript

Recordings: TypeAlias = dict[str, Callable[[], Transcript]]
"""A function per recording, by name, that reads its transcript."""

_NOT_TRANSCRIPTS = (".minutes.json", ".manifest.jsonl")
"""The suffixes of minutes and of manifests of batches, which lie beside transcripts."""

_ROLE = re.compile(r"\.(words|ref|hyp|sys)$", re.IGNORECASE)
"""The suffix between the name of a recording and the suffix of the format that states the purpose of the file."""


def find_transcripts(path: Path, *, with_turns: bool = False, encoding: str | None = None) -> Recordings:
    """Return the recordings of a transcript file, or of the transcript files in a folder.

    If several files belong to one recording, the one in the most detailed format is read. `with_turns` adds the turns
    of an RTTM file of the same name to a transcript without turns. `encoding` is the text encoding of all files, by
    default detected. Raises InputError if there is no transcript. Most files of a folder are read only when their
    function is called, which may raise InputError too.
    """
    if not path.is_dir():
        return transcripts_in(_read_bytes(path), path, with_turns=with_turns, encoding=encoding)
    found: Recordings = {}
    for name, file in transcript_files(path).items():
        if may_hold_several(file):
            found |= transcripts_in(_read_bytes(file), file, with_turns=with_turns, encoding=encoding)
        else:
            found[name] = partial(_load, file, with_turns, encoding)
    if not found:
        raise InputError(f"{path}: no transcript in this folder", "Give the folder that contains the files.")
    return found


def transcript_files(folder: Path) -> dict[str, Path]:
    """Return a transcript file for each recording in a folder, sorted by the recording's name.

    Of several files of a recording, the one in the most detailed format is returned. Minutes and manifests of batches
    are left out.
    """
    best: dict[str, Path] = {}
    for file in sorted(folder.iterdir(), key=_rank):
        if _rank(file)[0] < len(_formats_by_detail()) and not file.name.endswith(_NOT_TRANSCRIPTS) and file.is_file():
            best.setdefault(recording_name(file), file)
    return dict(sorted(best.items()))


def transcript_files_below(folder: Path) -> list[Path]:
    """Return the transcript files in a folder and its subfolders, one per recording and folder, sorted by path.

    If several files belong to one recording, the one in the most detailed format is chosen. Hidden files and folders,
    Word documents, minutes, and files that have only turns are omitted. Files are chosen by name; their contents are
    not checked.
    """
    best: dict[tuple[Path, str], Path] = {}
    for file in sorted(folder.rglob("*"), key=_rank):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if (
            not hidden
            and _rank(file)[0] < _formats_by_detail().index("rttm")
            and not file.name.endswith(_NOT_TRANSCRIPTS)
            and file.is_file()
        ):
            best.setdefault((file.parent, recording_name(file)), file)
    return sorted(best.values())


def transcripts_in(data: bytes, file: Path, *, with_turns: bool = False, encoding: str | None = None) -> Recordings:
    """Return the recordings in the contents of a file; raises InputError if they cannot be parsed.

    Several recordings have their names in the contents, a single one is named after `file`. `with_turns` applies to a
    single one only.
    """
    sessions = read_recordings(data, str(file), encoding=encoding)
    if len(sessions) > 1:
        return {name: partial(_identity, transcript) for name, transcript in sessions.items()}
    (transcript,) = sessions.values()
    transcript = _add_turns(transcript, file, encoding) if with_turns else transcript
    return {recording_name(file): partial(_identity, transcript)}


def load_regions(file: Path | None) -> Mapping[str, tuple[Span, ...]] | None:
    """Return the scored regions of each recording in a UEM file, or None for no file; raises InputError."""
    return None if file is None else read_regions(_read_bytes(file), str(file))


def recording_name(file: Path) -> str:
    """Return the name of a file's recording: without the suffix of the format and without .words, .ref, .hyp or .sys.

    >>> recording_name(Path("out/planning.words.jsonl")), recording_name(Path("a.b.seglst.json"))
    ('planning', 'a.b')
    """
    row = format_by_suffix(file)
    fitting = [suffix for suffix in (row.suffixes if row else ()) if file.name.lower().endswith(suffix.lower())]
    stem = file.name[: -len(fitting[0])] if fitting else file.stem
    return _ROLE.sub("", stem) or stem


def _identity(transcript: Transcript) -> Transcript:
    return transcript


def _load(file: Path, with_turns: bool, encoding: str | None) -> Transcript:
    """Return the transcript in a file of one recording."""
    (transcript,) = read_recordings(_read_bytes(file), str(file), encoding=encoding).values()
    return _add_turns(transcript, file, encoding) if with_turns else transcript


def _add_turns(transcript: Transcript, file: Path, encoding: str | None) -> Transcript:
    """Return the transcript with the turns of the RTTM file beside it, unless it already has turns."""
    beside = None if transcript.turns else turns_file(file)
    if beside is None:
        return transcript
    document = Document(_read_bytes(beside), str(beside), encoding)
    turns = read_rttm(document.text, document.name)
    return transcript.with_meta(turns=turns).with_notices(*document.notices)


def turns_file(file: Path) -> Path | None:
    """Return the RTTM file of the same name beside a transcript file, None if there is none."""
    candidates = (file.with_name(f"{recording_name(file)}{suffix}") for suffix in (".rttm", ".ref.rttm"))
    return next((path for path in candidates if path.is_file()), None)


def may_hold_several(file: Path) -> bool:
    """Return whether the format of a file can hold several recordings."""
    return file.name.lower().endswith((".stm", ".ctm", ".rttm", ".seglst.json"))


def _rank(file: Path) -> tuple[int, str]:
    """Return the sort key of a file: in the order of `_formats_by_detail`, all other files last."""
    row = format_by_suffix(file)
    order = _formats_by_detail()
    if file.name.lower().endswith(".words.jsonl"):
        return 0, file.name
    return (order.index(row.name) if row and row.name in order else len(order)), file.name


def _formats_by_detail() -> list[str]:
    """Return the readable formats, the most detailed first.

    These are "words" (`X.words.jsonl`), then all others by the number of kinds of times they lose (`_lost_times`), then
    "rttm". Word documents are omitted, because most of them are not transcripts, and UEM, because it has no words.
    """
    names = [name for name, row in FORMATS.items() if row.reads and name not in ("docx", "rttm", "uem")]
    return ["words", *sorted(names, key=_lost_times), "rttm"]


def _lost_times(name: str) -> int:
    """Return how many kinds of times `loses` names: those of words, and the ends of segments."""
    return sum(part in FORMATS[name].loses for part in ("word times", "ends,"))


def _read_bytes(file: Path) -> bytes:
    """Return the contents of a file; raises InputError."""
    try:
        return read_file(file, TRANSCRIPT_BYTES)
    except OSError as error:
        raise InputError(f"{file}: {os_reason(error)}", "Check the path and its permissions.") from error
