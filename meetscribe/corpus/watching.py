"""Which files of a folder have come to rest, so that none is taken that is still being copied; pure but for looking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of the files of a folder at one time: size and time of change of each."""

    files: dict[Path, tuple[int, int]]

    @classmethod
    def at(cls, paths: Iterable[Path]) -> Look:
        """What is seen now; files that vanish meanwhile are not seen."""
        found = {}
        for path in paths:
            try:
                state = path.stat()
            except OSError:
                continue
            found[path] = state.st_size, state.st_mtime_ns
        return cls(found)


def settled(before: Look, now: Look) -> tuple[Path, ...]:
    """The files with content that look the same twice, by name."""
    return tuple(sorted(path for path, seen in now.files.items() if seen[0] and before.files.get(path) == seen))
