"""What has become of each recording, a line of JSON for each try; the last one of a recording counts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias

from meetscribe.errors import InputError, OutputError
from meetscribe.storage.files import TRANSCRIPT_BYTES, append_line, is_file, read_file
from meetscribe.timeline import Seconds

Status: TypeAlias = Literal["done", "incomplete", "failed"]
"""All is well; a stage or a file is missing; there is no transcript."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One try of a recording: its absolute path, its bytes, what was written, and how it went.

    `made_for` is a digest of the settings, formats and names; `seconds` is the time it took, `duration` the
    recording's length, as far as that is known. `code` is the exit code that it would have had alone. `notices` are
    the warnings about the recording; manifests of earlier versions lack them.
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
    made_for: str
    notices: tuple[str, ...] = ()


_FIELDS = frozenset(field.name for field in fields(Entry))


def _entry(told: dict[str, Any]) -> Entry:
    """Return the entry in a parsed line, without unknown fields; raises TypeError or KeyError if it is none."""
    known = {name: value for name, value in dict(told).items() if name in _FIELDS}
    entry = Entry(**{**known, "outputs": tuple(told["outputs"]), "notices": tuple(told.get("notices", ()))})
    if not all(isinstance(text, str) for text in (entry.input, *entry.outputs, *entry.notices)):
        raise TypeError("names and notices are texts")
    return entry


class Manifest:
    """The entries in a file of JSON Lines; lines that are none, such as half a one of a crash, are passed over."""

    def __init__(self, file: Path) -> None:
        """Read what is there; raises InputError if it cannot be read."""
        self.file = file
        self._last: dict[str, Entry] = {}
        try:
            lines = read_file(file, TRANSCRIPT_BYTES).split(b"\n") if file.exists() else []
        except OSError as error:
            raise InputError(f"{file}: {error.strerror or error}", "Choose another with --manifest.") from error
        for line in lines:
            try:
                entry = _entry(json.loads(line))
                self._last[entry.input] = entry
            except (ValueError, TypeError, KeyError, RecursionError):
                continue

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The recordings that were ever tried."""
        return tuple(map(Path, self._last))

    def is_known(self, recording: Path, made_for: str) -> bool:
        """Whether just this file was tried with these settings, however it ended."""
        entry, found = self.last(recording), recording.stat()
        same = entry is not None and (entry.size, entry.mtime_ns) == (found.st_size, found.st_mtime_ns)
        return same and entry is not None and entry.made_for == made_for

    def last(self, recording: Path) -> Entry | None:
        """The last try of a recording, if there was one."""
        return self._last.get(str(recording.absolute()))

    def add(self, entry: Entry) -> None:
        """Note a try; it is on the disk when this returns. Raises OutputError."""
        self._last[entry.input] = entry
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            append_line(self.file, json.dumps(asdict(entry)).encode())
        except OSError as error:
            raise OutputError(f"{self.file}: {error.strerror or error}", "Choose another with --manifest.") from error

    def is_done(self, recording: Path, made_for: str) -> bool:
        """Whether all is there that would be made: of these bytes, with these settings, in files that still exist.

        Size and time of the recording tell that it is the same; its bytes are read only where those differ.
        """
        entry = self.last(recording)
        if entry is None or entry.status != "done" or entry.made_for != made_for:
            return False
        if not all(is_file(output) for output in entry.outputs):
            return False
        try:
            found = recording.stat()
        except OSError:
            return False
        if (found.st_size, found.st_mtime_ns) == (entry.size, entry.mtime_ns):
            return True
        return found.st_size == entry.size and _hash(recording) == entry.hash


def _hash(recording: Path) -> str | None:
    """The hash of a recording's bytes; None if they cannot be read."""
    from meetscribe.audio.opening import digest, open_recording

    try:
        with open_recording(recording) as data:
            return digest(data)
    except InputError:
        return None
