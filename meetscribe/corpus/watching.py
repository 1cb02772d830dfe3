"""Find the complete files in a watched folder, excluding files that are still being copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The size and modification time of files at one moment."""

    files: dict[Path, tuple[int, int]]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Snapshot:
        """Return the snapshot of the existing files among `paths`."""
        found = {}
        for path in paths:
            try:
                state = path.stat()
            except OSError:
                continue
            found[path] = state.st_size, state.st_mtime_ns
        return cls(found)


def unchanged(before: Snapshot, now: Snapshot) -> tuple[Path, ...]:
    """Return the non-empty files that are equal in both snapshots, sorted by path."""
    return tuple(sorted(path for path, state in now.files.items() if state[0] and before.files.get(path) == state))
