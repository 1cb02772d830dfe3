"""The disk usage of the cache, and the removal of old entries."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from meetscribe.storage.files import PART
from meetscribe.timeline import Seconds

_ABANDONED: Seconds = 3600.0  # the age from which an unfinished file no longer has a writer


@dataclass(frozen=True, slots=True)
class Usage:
    """The numbers of recordings, files and bytes in the cache, and the number of files of each stage."""

    recordings: int = 0
    files: int = 0
    bytes: int = 0
    stages: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _File:
    """A file in the cache, with its size in bytes and the time of its last use in seconds since the epoch."""

    path: Path
    size: int
    used: float

    @property
    def is_part(self) -> bool:
        """Whether the file is not finished."""
        return self.path.name.endswith(PART)


def usage(folder: Path) -> Usage:
    """Return the usage of the cache in a folder, which need not exist."""
    return _usage(_files(folder))


def prune(folder: Path, unused: Seconds | None = None, max_bytes: int | None = None) -> Usage:
    """Remove files from the cache in a folder, and return the usage of the removed files.

    Removes files not used for `unused` seconds, unfinished files without a writer, and the least recently used files
    until at most `max_bytes` remain. Running processes recompute missing results.
    """
    now = time.time()
    files = sorted(_files(folder), key=lambda file: file.used)
    left = sum(file.size for file in files)
    removed: list[_File] = []
    for file in files:
        age = now - file.used
        is_old = (unused is not None and age > unused) or (file.is_part and age > _ABANDONED)
        if is_old or (max_bytes is not None and left > max_bytes):
            left -= file.size
            removed.append(file)
    _remove(removed)
    return _usage(removed)


def _remove(files: Iterable[_File]) -> None:
    """Remove the files, and their folders if empty."""
    for file in files:
        file.path.unlink(missing_ok=True)
    for folder in {file.path.parent for file in files}:
        with suppress(OSError):  # it is not empty
            folder.rmdir()
            folder.parent.rmdir()


def _usage(files: Iterable[_File]) -> Usage:
    found = list(files)
    stages = Counter(file.path.name.partition("-")[0] for file in found if not file.is_part)
    return Usage(len({file.path.parent for file in found}), len(found), sum(file.size for file in found), stages)


def _files(folder: Path) -> Iterator[_File]:
    """Yield the files of the cache."""
    for path in folder.glob("*/*/*") if folder.is_dir() else ():
        with suppress(OSError):  # another process has removed it
            state = path.stat()
            yield _File(path, state.st_size, state.st_mtime)
