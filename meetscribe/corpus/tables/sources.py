"""The sources of a corpus: the recordings of a manifest, and transcripts in files and folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from meetscribe.corpus.events import Status
from meetscribe.corpus.manifest import FILE_NAME, Entry, Manifest
from meetscribe.corpus.remote.files import Location, RemoteFile, as_path, location_of
from meetscribe.corpus.remote.stores import read
from meetscribe.corpus.tables.files.layout import collection_name
from meetscribe.corpus.tables.files.schema import VERSION
from meetscribe.errors import InputError, os_reason
from meetscribe.formats import FORMATS
from meetscribe.formats.converting import format_by_suffix
from meetscribe.formats.recording_files import may_hold_several, transcript_files, transcripts_in, turns_file
from meetscribe.storage.files import LINES_BYTES, TRANSCRIPT_BYTES, read_file
from meetscribe.transcript import Transcript

LOSSLESS = ("json", "parquet")
"""The formats that hold a transcript without loss."""


@dataclass(frozen=True, slots=True)
class Source:
    """A recording to add to a corpus: the location of its transcript, or the error if there is none.

    `recording` is its absolute path or address, and `hash` its content hash, if known. `transcript` is the absolute
    path or address of a file, followed by "#" and a name if the file holds several transcripts. `data` returns the
    content of the file, and `load` the transcript in that content. `turns` returns the content of the RTTM file beside
    it, b"" if there is none: `load` adds its turns to a transcript without turns.
    """

    collection: str
    recording: str | None = None
    transcript: str | None = None
    status: Status = "done"
    error: str | None = None
    code: int = 0
    hash: str | None = None
    data: Callable[[], bytes] = bytes  # by default, it returns b""
    load: Callable[[bytes], Transcript] | None = None
    turns: Callable[[], bytes] = bytes

    @property
    def name(self) -> str:
        """The path of the recording, else of the transcript."""
        return self.recording or self.transcript or "recording"

    def revision(self, data: bytes) -> str:
        """Return a digest of everything that determines the rows of the recording."""
        state = [VERSION, self.collection, self.recording, self.transcript, self.status, self.error, self.code]
        if turns := self.turns():
            state.append(hashlib.sha256(turns).hexdigest())
        return hashlib.sha256(json.dumps(state).encode() + b"\n" + data).hexdigest()[:16]


def find_sources(arguments: Iterable[str | Path], collection: str | None = None) -> list[Source]:
    """Return the recordings in manifests, folders and transcript files, in the order of the arguments.

    A folder with a manifest stands for the manifest; any other folder for the transcripts in it and its subfolders. The
    default collection is the name of the folder of the recording for a manifest, otherwise of the transcript file.
    Raises InputError for an argument that cannot be read or has no transcript.
    """
    found = []
    for argument in map(Path, arguments):
        if not argument.exists():
            raise InputError(f"{argument}: no such file or folder", "Check the path.")
        if (argument / FILE_NAME).is_file():
            sources = list(manifest_sources(Manifest(argument / FILE_NAME), collection))
        elif argument.is_dir():
            sources = list(_in_folder(argument, collection))
        elif _is_manifest(argument):
            sources = list(manifest_sources(Manifest(argument), collection))
        else:
            sources = list(_in_file(argument, collection))
        if not sources:
            raise InputError(f"{argument}: no transcript", "Give a manifest, or a folder with transcripts.")
        found += sources
    return found


def manifest_sources(manifest: Manifest, collection: str | None = None) -> Iterator[Source]:
    """Yield a source for the last attempt at each recording of a manifest."""
    for path in manifest.inputs:
        if (entry := manifest.last(path)) is not None:
            yield entry_source(entry, collection)


def entry_source(entry: Entry, collection: str | None = None) -> Source:
    """Return the source of an attempt at a recording; its transcript is read from the most detailed output."""
    source = Source(
        collection_name(collection or location_of(entry.input).parent.name),
        recording=entry.input,
        status=entry.status,
        error=entry.error,
        code=entry.code,
        hash=entry.hash,
    )
    ranks = {location: _rank(as_path(location)) for location in map(location_of, entry.outputs)}
    readable = sorted(
        (location for location, rank in ranks.items() if rank is not None), key=lambda location: ranks[location] or 0
    )
    if entry.status == "failed":
        return source
    if not readable:
        written = ", ".join(entry.outputs) or "none"
        return replace(source, status="failed", error=f"none of its files is a transcript: {written}", code=3)
    return _with_file(source, readable[0])


def _in_folder(folder: Path, collection: str | None) -> Iterator[Source]:
    """Yield the transcripts in a folder and its visible subfolders."""
    visible = [path for path in sorted(folder.rglob("*")) if path.is_dir() and not _is_hidden(path, folder)]
    for each in (folder, *visible):
        for file in transcript_files(each).values():
            yield from _in_file(file, collection)


def _in_file(file: Path, collection: str | None) -> Iterator[Source]:
    """Yield the transcripts of a file."""
    path = file.absolute()
    source = Source(collection_name(collection or path.parent.name))
    if not may_hold_several(path):
        yield _with_file(source, path)
        return
    names = transcripts_in(_read(path), path)
    for name in names if len(names) > 1 else (None,):
        yield _with_file(source, path, name)


def _with_file(source: Source, location: Location, name: str | None = None) -> Source:
    """Return the source with the file of its transcript; `name` selects one of several transcripts in the file."""

    def load(data: bytes) -> Transcript:
        found = transcripts_in(data, as_path(location), with_turns=True)
        return (found[name] if name is not None else next(iter(found.values())))()

    shown = str(location) if name is None else f"{location}#{name}"
    turns = partial(_read_turns, as_path(location)) if name is None else bytes
    return replace(source, transcript=shown, data=partial(_read, location), load=load, turns=turns)


def _read(path: Location) -> bytes:
    """Return the content of a file; raises InputError, for a remote file also UnreachableError and SettingsError."""
    if isinstance(path, RemoteFile):
        return read(path, TRANSCRIPT_BYTES)
    try:
        return read_file(path, TRANSCRIPT_BYTES)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {os_reason(error)}", "Check the path and its permissions.") from error


def _read_turns(transcript: Path) -> bytes:
    """Return the content of the RTTM file beside a transcript, b"" without one; `Source.load` reports read errors."""
    file = turns_file(transcript)
    try:
        return b"" if file is None else read_file(file, TRANSCRIPT_BYTES)
    except (OSError, ValueError):
        return b""


def _rank(path: Path) -> int | None:
    """Return the rank of a file's format among the readable formats, 0 for the most detailed; None for other files."""
    row = format_by_suffix(path)
    names = [*LOSSLESS, *(name for name, each in FORMATS.items() if each.reads and name not in (*LOSSLESS, "uem"))]
    return names.index(row.name) if row is not None and row.name in names else None


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _is_manifest(path: Path) -> bool:
    """Return whether a file is the manifest of a batch; raises InputError if it cannot be read."""
    if path.suffix != ".jsonl":
        return False
    try:
        with path.open("rb") as file:
            line = file.readline(LINES_BYTES)
    except OSError as error:
        raise InputError(f"{path}: {os_reason(error)}", "Check the path and its permissions.") from error
    return b'"made_for"' in line
