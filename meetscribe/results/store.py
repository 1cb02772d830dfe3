"""The folder of cached results.

    stages/1f/1f83…6bb0/speech-9a0c….json            a header line, then the result
    stages/1f/1f83…6bb0/transcription-77d1….journal  the partial results of an unfinished stage, one per line

There are no locks: if two processes compute the same result, the later one replaces the file with an equal one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from meetscribe.errors import InputError, os_reason
from meetscribe.results.codecs import Codec
from meetscribe.results.keys import CacheKey
from meetscribe.storage.files import append_line, replace_file
from meetscribe.storage.folders import cache_folder
from meetscribe.transcript import JSON

T = TypeVar("T")

RESULT, JOURNAL = ".json", ".journal"
_FORMAT = "meetscribe-stage/1"
_DIGITS = 32  # digits of the key's digest in a file name

logger = logging.getLogger("meetscribe.results")


def stages_folder() -> Path:
    """Return the default folder: `stages` in the user's cache folder, or in `MEETSCRIBE_CACHE`."""
    return cache_folder() / "stages"


def recording_folder(recording: str) -> Path:
    """Return the folder of a recording's results by content hash ("sha256:…"); it need not exist."""
    digest = recording.removeprefix("sha256:")
    return stages_folder() / digest[:2] / digest


class Store:
    """Loads and saves the results of stages in a folder; without a folder, nothing is stored.

    A write error, such as a full disk, does not fail the run: it is logged once, and storing is disabled.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._has_failed = False

    @property
    def is_writable(self) -> bool:
        """Whether new results are stored for later runs."""
        return self._folder is not None and not self._has_failed

    def load(self, key: CacheKey, codec: Codec[T]) -> T | None:
        """Return the result with this key, or None if there is none or it is damaged."""
        if self._folder is None:
            return None
        file = self._file(self._folder, key, RESULT)
        try:
            data = _read_own(file)
            header, _, payload = data.partition(b"\n")
            if json.loads(header) != _header(key, payload):
                return None
            value = codec.read(payload.decode())
        except (OSError, ValueError, TypeError, KeyError, RecursionError, InputError):
            return None
        with suppress(OSError):
            os.utime(file)  # marks the file as used, for pruning
        return value

    def save(self, key: CacheKey, codec: Codec[T], value: T) -> None:
        """Store a result and remove its journal."""
        if self._folder is None or self._has_failed:
            return
        payload = codec.write(value).encode()
        file = self._file(self._folder, key, RESULT)
        try:
            _create_folder(file.parent)
            replace_file(file, json.dumps(_header(key, payload)).encode() + b"\n" + payload)
            file.with_suffix(JOURNAL).unlink(missing_ok=True)
        except OSError as error:
            self._disable(error)

    def journal(self, key: CacheKey) -> Journal:
        """Return the journal of an unfinished stage."""
        return Journal(self, None if self._folder is None else self._file(self._folder, key, JOURNAL))

    def append(self, file: Path, line: bytes) -> None:
        """Append a line to the file of a journal."""
        if self._folder is None or self._has_failed:
            return
        try:
            _create_folder(file.parent)
            append_line(file, line)
        except OSError as error:
            self._disable(error)

    def _file(self, folder: Path, key: CacheKey, suffix: str) -> Path:
        """Return the path of a result or journal."""
        return folder / key.recording[:2] / key.recording / f"{key.stage}-{key.digest[:_DIGITS]}{suffix}"

    def _disable(self, error: OSError) -> None:
        """Disable storing, and log the reason."""
        self._has_failed = True
        logger.warning("results are no longer cached: %s", os_reason(error))


class Journal:
    """The partial results of an unfinished stage; `Store.save` removes it with the complete result."""

    def __init__(self, store: Store, file: Path | None) -> None:
        self._store = store
        self._file = file

    def entries(self) -> list[JSON]:
        """Return the entries of this and of earlier processes, except damaged lines."""
        if self._file is None:
            return []
        try:
            lines = _read_own(self._file).split(b"\n")
        except OSError:
            return []
        entries: list[JSON] = []
        for line in lines:
            checksum, _, text = line.partition(b" ")
            if text and checksum == _checksum(text):
                entries.append(json.loads(text))
        return entries

    def add(self, entry: JSON) -> None:
        """Add an entry, and return after it is on disk."""
        if self._file is not None:
            text = json.dumps(entry).encode()
            self._store.append(self._file, _checksum(text) + b" " + text)


def _header(key: CacheKey, payload: bytes) -> dict[str, str]:
    """Return the first line of a result's file."""
    return {
        "format": _FORMAT,
        "recording": key.recording,
        "stage": key.stage,
        "depends": key.digest,
        "sha256": hashlib.sha256(payload).hexdigest(),
    }


def _checksum(text: bytes) -> bytes:
    """Return the checksum at the beginning of a journal line."""
    return hashlib.sha256(text).hexdigest()[:16].encode()


def _read_own(file: Path) -> bytes:
    """Return the content of a file; raises OSError if it does not exist or belongs to another user."""
    with file.open("rb") as data:
        if hasattr(os, "getuid") and os.fstat(data.fileno()).st_uid != os.getuid():
            raise PermissionError(f"{file} belongs to another user")
        return data.read()


def _create_folder(folder: Path) -> None:
    """Create a folder and its missing parents, accessible only by their owner."""
    if not folder.is_dir():
        _create_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
