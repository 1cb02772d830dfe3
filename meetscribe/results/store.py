"""The folder in which results are kept; how much is in it, and how it is emptied, is in upkeep.

    stages/1f/1f83…6bb0/speech-9a0c….json            a header, then the result
    stages/1f/1f83…6bb0/transcription-77d1….journal  what an unfinished stage has made so far, a line for each part

No lock is held: whoever finishes last puts an equal file in the place of the first.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from meetscribe.errors import InputError
from meetscribe.results.codecs import Codec
from meetscribe.results.keys import Key
from meetscribe.storage.files import append_line, replace_file
from meetscribe.transcript import JSON
from meetscribe.weights.whisper import cache_directory

T = TypeVar("T")

RESULT, JOURNAL = ".json", ".journal"
_FORMAT = "meetscribe-stage/1"
_DIGITS = 32  # of a key's digest in a file's name

logger = logging.getLogger("meetscribe.results")


def stages_folder() -> Path:
    """Where results are kept unless somebody says otherwise: `stages` in the user's cache, or in `MEETSCRIBE_CACHE`."""
    return cache_directory() / "stages"


class Store:
    """Results of stages in a folder; without one, nothing is kept.

    A folder that cannot be written, or a full disk, costs nobody a run: it is logged, once, and from then on
    nothing more is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._broken = False

    @property
    def keeps(self) -> bool:
        """Whether what is made now is there for the next run."""
        return self._folder is not None and not self._broken

    def load(self, key: Key, codec: Codec[T]) -> T | None:
        """The result that is kept under the key; None if there is none, or it is not as it was written."""
        if self._folder is None:
            return None
        file = self._file(self._folder, key, RESULT)
        try:
            data = _own(file)
            header, _, payload = data.partition(b"\n")
            if json.loads(header) != _header(key, payload):
                return None
            value = codec.read(payload.decode())
        except (OSError, ValueError, TypeError, KeyError, RecursionError, InputError):
            return None
        with suppress(OSError):
            os.utime(file)  # what is used is not what is pruned first
        return value

    def save(self, key: Key, codec: Codec[T], value: T) -> None:
        """Keep a result under the key; its journal is not needed any more."""
        if self._folder is None or self._broken:
            return
        payload = codec.write(value).encode()
        file = self._file(self._folder, key, RESULT)
        try:
            _make_folder(file.parent)
            replace_file(file, json.dumps(_header(key, payload)).encode() + b"\n" + payload)
            file.with_suffix(JOURNAL).unlink(missing_ok=True)
        except OSError as error:
            self._give_up(error)

    def journal(self, key: Key) -> Journal:
        """What an unfinished stage has made so far."""
        return Journal(self, None if self._folder is None else self._file(self._folder, key, JOURNAL))

    def append(self, file: Path, line: bytes) -> None:
        """Add a line to a journal."""
        if self._folder is None or self._broken:
            return
        try:
            _make_folder(file.parent)
            append_line(file, line)
        except OSError as error:
            self._give_up(error)

    def _file(self, folder: Path, key: Key, suffix: str) -> Path:
        """Where a result or a journal lies."""
        return folder / key.recording[:2] / key.recording / f"{key.stage}-{key.digest[:_DIGITS]}{suffix}"

    def _give_up(self, error: OSError) -> None:
        """Keep nothing more, and say so."""
        self._broken = True
        logger.warning("what is made now is not kept for a next run: %s", error.strerror or error)


class Journal:
    """The parts of a result that an unfinished stage has made; `Store.save` takes it away."""

    def __init__(self, store: Store, file: Path | None) -> None:
        self._store = store
        self._file = file

    def entries(self) -> list[JSON]:
        """What was added, by this process or others before; lines that are not as they were written are left out."""
        if self._file is None:
            return []
        try:
            lines = _own(self._file).split(b"\n")
        except OSError:
            return []
        entries: list[JSON] = []
        for line in lines:
            checksum, _, text = line.partition(b" ")
            if text and checksum == _checksum(text):
                entries.append(json.loads(text))
        return entries

    def add(self, entry: JSON) -> None:
        """Keep one more part; it is on the disk when this returns."""
        if self._file is not None:
            text = json.dumps(entry).encode()
            self._store.append(self._file, _checksum(text) + b" " + text)


def _header(key: Key, payload: bytes) -> dict[str, str]:
    """The first line of a result's file."""
    return {
        "format": _FORMAT,
        "recording": key.recording,
        "stage": key.stage,
        "depends": key.digest,
        "sha256": hashlib.sha256(payload).hexdigest(),
    }


def _checksum(text: bytes) -> bytes:
    """What a line of a journal begins with."""
    return hashlib.sha256(text).hexdigest()[:16].encode()


def _own(file: Path) -> bytes:
    """What is in a file of ours; raises OSError if there is none, or it is somebody else's."""
    with file.open("rb") as data:
        if hasattr(os, "getuid") and os.fstat(data.fileno()).st_uid != os.getuid():
            raise PermissionError(f"{file} is somebody else's")
        return data.read()


def _make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for their owner alone."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
