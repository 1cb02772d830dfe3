"""The manifest: one line of JSON per recording of a batch, for its last attempt there; the last line counts.

The members of a line are the fields of `Entry`, except that `settings_digest` is written as "made_for".
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from meetscribe.audio.opening import file_hash, open_recording
from meetscribe.corpus.events import Event, Status
from meetscribe.corpus.remote.files import Location, RemoteFile, file_state, location_of, normalized
from meetscribe.corpus.remote.stores import exists
from meetscribe.errors import InputError, Notice, OutputError, os_reason
from meetscribe.storage.files import LINES_BYTES, append_line, is_file
from meetscribe.timeline import Seconds

FILE_NAME = "meetscribe.manifest.jsonl"
"""The name of the manifest in the output folder."""

_DIGEST = "made_for"  # the name of `settings_digest` in files
_START, _NEXT = b'{"input": "', b'", "size": '  # what precedes and follows the input in a line


@dataclass(frozen=True, slots=True)
class Entry:
    """The result of a recording in a batch: that of its last attempt.

    `input` is the normalized absolute path or the address; `size`, `mtime_ns` and the content `hash` identify the
    file. `outputs` are the written files. `seconds` is the time taken, `duration` the length of the recording, if
    known. `error` and the exit `code` describe a failed or incomplete recording. `settings_digest` identifies the
    settings, formats and their options, corrections and names. `notices` are the warnings, which manifests of earlier
    versions lack.
    """

    input: str
    size: int
    mtime_ns: int
    hash: str | None
    outputs: tuple[str, ...]
    seconds: Seconds
    duration: Seconds | None
    status: Status
    error: str | None
    code: int
    settings_digest: str
    notices: tuple[Notice, ...] = ()
    folder: str | None = None

    @classmethod
    def of(cls, end: Event, settings_digest: str, notices: tuple[Notice, ...]) -> Entry:
        """Return the entry of an "end" event with a status."""
        assert end.status is not None
        size, mtime_ns = file_state(end.recording) or (0, 0)
        return cls(
            input=str(normalized(end.recording)),
            size=size,
            mtime_ns=mtime_ns,
            hash=end.hash,
            outputs=end.outputs,
            seconds=round(end.seconds, 3),
            duration=end.duration,
            status=end.status,
            error=end.error,
            code=end.code,
            settings_digest=settings_digest,
            notices=notices,
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Entry:
        """Return the entry of a parsed line, ignoring unknown fields.

        Raises TypeError, KeyError, ValueError or AttributeError if it is invalid.
        """
        known = {name: value for name, value in dict(values).items() if name in _FIELDS}
        notices = tuple(Notice(**notice) for notice in values.get("notices", ()))
        lists = {"outputs": tuple(values["outputs"]), "notices": notices}
        entry = cls(**{**known, **lists, "settings_digest": values[_DIGEST]})
        if not all(isinstance(text, str) for text in (entry.input, *entry.outputs, entry.folder or "")):
            raise TypeError("inputs, outputs and folders are strings")
        return replace(entry, input=_normalized(entry.input))  # earlier versions did not normalize paths

    def to_json(self) -> str:
        """Return the line for the manifest."""
        values = asdict(self)
        return json.dumps({(_DIGEST if name == "settings_digest" else name): values[name] for name in values})


_FIELDS = frozenset(field.name for field in fields(Entry)) - {"settings_digest"}


class Manifest:
    """The entries in a file of JSON Lines; invalid lines, such as one truncated by a crash, are skipped.

    Only the byte offset of the last entry of each recording is kept in memory, about 100 bytes each.
    """

    def __init__(self, file: Path) -> None:
        """Read the file if it exists; raises InputError if it cannot be read."""
        self.file = file
        self._folder = str(normalized(file.parent))
        self._offsets: dict[int, int] = {}  # of lines, by the hash of the input
        with self._readable():
            for offset, line in _lines(file):
                if (input := _input(line)) is not None:
                    self._offsets[hash(input)] = offset

    @property
    def inputs(self) -> tuple[Location, ...]:
        """All recordings with an entry."""
        return tuple(path for path in self.iter_inputs() if self.last(path) is not None)

    def iter_inputs(self) -> Iterator[Location]:
        """Yield the recordings with an entry, in the order of their last entries, without parsing whole lines."""
        with self._readable():
            for offset, line in _lines(self.file):
                if (input := _input(line)) is not None and self._offsets.get(hash(input)) == offset:
                    yield location_of(input)

    def attempts(self) -> Iterator[Entry]:
        """Yield all entries in the file, from the oldest to the latest, including superseded ones."""
        with self._readable():
            for _, line in _lines(self.file):
                if (entry := _entry(line)) is not None:
                    yield _moved(entry, self._folder)

    def last(self, recording: Location) -> Entry | None:
        """Return the last attempt at a recording, None if there was none."""
        input = str(normalized(recording))
        offset = self._offsets.get(hash(input))
        if offset is None:
            return None
        with self._readable():
            with self.file.open("rb") as data:
                data.seek(offset)
                entry = _entry(data.readline())
            if entry is not None and entry.input == input:
                return _moved(entry, self._folder)
            return self._search(input)

    def _search(self, input: str) -> Entry | None:
        """Return the last valid entry of an input by reading the whole file."""
        found = None
        for entry in self.attempts():
            if entry.input == input:
                found = entry
        return found

    def add(self, entry: Entry) -> None:
        """Append an entry, which is on disk when this returns; raises OutputError."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            line = replace(entry, folder=self._folder).to_json()
            self._offsets[hash(entry.input)] = append_line(self.file, line.encode())
        except OSError as error:
            raise OutputError(f"{self.file}: {os_reason(error)}", "Choose another with --manifest.") from error

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Convert OSError to InputError."""
        try:
            yield
        except OSError as error:
            raise InputError(f"{self.file}: {os_reason(error)}", "Choose another with --manifest.") from error

    def was_attempted(self, recording: Location, settings_digest: str) -> bool:
        """Return whether this version of the file was attempted with these settings, regardless of the result."""
        entry = self.last(recording)
        state = file_state(recording)
        return entry is not None and entry.settings_digest == settings_digest and state == (entry.size, entry.mtime_ns)

    def is_done(self, recording: Location, settings_digest: str) -> bool:
        """Return whether this content was processed with these settings and all output files exist.

        Content is compared by size and modification time, and by hash only if the time differs; remote recordings are
        not fetched for this. Raises the errors of a store for a remote output.
        """
        entry = self.last(recording)
        if entry is None or entry.status != "done" or entry.settings_digest != settings_digest:
            return False
        if not all(map(_exists, entry.outputs)):
            return False
        state = file_state(recording)
        if state is None or state == (entry.size, entry.mtime_ns):
            return state is not None
        return state[0] == entry.size and _hash(recording) == entry.hash


def _moved(entry: Entry, folder: str) -> Entry:
    """Return an entry of the manifest in `folder`; outputs that were moved there with the manifest have new paths."""
    if entry.folder is None or entry.folder == folder:
        return replace(entry, folder=None)
    outputs = []
    for output in entry.outputs:
        path = Path(_normalized(output))
        moved = Path(folder, path.relative_to(entry.folder)) if path.is_relative_to(entry.folder) else path
        outputs.append(str(moved) if moved != path and is_file(moved) else output)
    return replace(entry, folder=None, outputs=tuple(outputs))


def _exists(output: str) -> bool:
    """Return whether a local or remote output file exists."""
    location = location_of(output)
    return exists(location) if isinstance(location, RemoteFile) else is_file(location)


def _hash(recording: Location) -> str | None:
    """Return the hash of a recording's content, None if it is remote or cannot be read."""
    if isinstance(recording, RemoteFile):
        return None
    try:
        with open_recording(recording) as data:
            return file_hash(data)
    except InputError:
        return None


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the byte offset and content of each line of a file, if it exists; raises OSError."""
    if not file.exists():
        return
    offset = 0
    with file.open("rb") as data:
        while line := data.readline(LINES_BYTES):
            if len(line) == LINES_BYTES and not line.endswith(b"\n"):
                raise OSError(errno.EFBIG, f"a line is larger than {LINES_BYTES / 1e6:g} MB, the limit for one entry")
            yield offset, line
            offset += len(line)


def _input(line: bytes) -> str | None:
    """Return the input of a line, None if it is not an entry; lines of `Entry.to_json` are not parsed as a whole."""
    if line.startswith(_START) and line.rstrip().endswith(b"}"):
        text, found, _ = line[len(_START) :].partition(_NEXT)
        if found and b"\\" not in text:
            return _normalized(text.decode(errors="replace"))
    entry = _entry(line)
    return None if entry is None else entry.input


def _normalized(input: str) -> str:
    """Return an input with an absolute path normalized, as `remote.files.normalized` does."""
    return os.path.normpath(input) if os.path.isabs(input) else input  # noqa: PTH117 - faster: called for every line


def _entry(line: bytes) -> Entry | None:
    """Return the entry in a line, None if it is invalid."""
    try:
        return Entry.from_json(json.loads(line))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
