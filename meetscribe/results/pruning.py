"""How much is kept of stages, and making it less; what is kept is in store."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from meetscribe.storage.files import PART
from meetscribe.timeline import Seconds

_STALE: Seconds = 3600.0  # the age from which half a file belongs to nobody any more


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is in the folder: recordings, files and bytes, and the files of each stage."""

    recordings: int = 0
    files: int = 0
    bytes: int = 0
    stages: Counter[str] = field(default_factory=Counter)


def holdings(folder: Path) -> Holdings:
    """What is kept in the folder; nothing, if it is not there."""
    found = list(_entries(folder))
    stages = Counter(file.name.partition("-")[0] for file, _, _ in found if not file.name.endswith(PART))
    return Holdings(len({file.parent for file, _, _ in found}), len(found), sum(size for _, size, _ in found), stages)


def prune(folder: Path, unused: Seconds | None = None, most_bytes: int | None = None) -> Holdings:
    """What was taken away: files not used for `unused` seconds, then the longest unused until `most_bytes` do.

    What a running process needs is never in the way: it makes again what it misses.
    """
    now = time.time()
    entries = sorted(_entries(folder), key=lambda entry: entry[2])
    left = sum(size for _, size, _ in entries)
    taken: list[tuple[Path, int]] = []
    for file, size, used in entries:
        old = unused is not None and now - used > unused
        torn = file.name.endswith(PART) and now - used > _STALE
        if old or torn or (most_bytes is not None and left > most_bytes):
            left -= size
            taken.append((file, size))
    for file, _ in taken:
        file.unlink(missing_ok=True)
    for place in {file.parent for file, _ in taken}:
        with suppress(OSError):  # something is left in it
            place.rmdir()
            place.parent.rmdir()
    stages = Counter(file.name.partition("-")[0] for file, _ in taken)
    return Holdings(len({file.parent for file, _ in taken}), len(taken), sum(size for _, size in taken), stages)


def _entries(folder: Path) -> Iterator[tuple[Path, int, float]]:
    """Each file that is kept, with its bytes and when it was last used."""
    for file in folder.glob("*/*/*") if folder.is_dir() else ():
        with suppress(OSError):  # it may be gone by now
            state = file.stat()
            yield file, state.st_size, state.st_mtime
