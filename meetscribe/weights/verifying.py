"""Whether the files of a model that lies here are still what the hub said they were; nothing is asked there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from meetscribe.weights import hub, store


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many files of a model were compared with their hashes, and the names of those that are others."""

    path: Path
    compared: int
    wrong: tuple[str, ...] = ()


def verify(path: Path) -> Verdict:
    """What comparing each file of a model with its hash says.

    The hub's cache names files by their hashes, a folder of models lists them. Of other files none are known.
    """
    hashes = list(_hashes(path))
    wrong = (name for name, file, wanted in hashes if not file.is_file() or hub.hash_of(file, wanted) != wanted)
    return Verdict(path, len(hashes), tuple(wrong))


def throw_away(verdict: Verdict) -> None:
    """Remove the files that are not what they should be, so that they are fetched again."""
    for name in verdict.wrong:
        file = verdict.path / name
        file.resolve().unlink(missing_ok=True)
        file.unlink(missing_ok=True)


def _hashes(path: Path) -> Iterator[tuple[str, Path, str]]:
    """The name, the file and the hash of each file of which one is known."""
    if path.is_file():
        return
    record = store.read_record(path)
    if record is not None:
        for name, wanted in record.files.items():
            yield name, path / name, wanted
        return
    for name in store.files_in(path):
        blob = (path / name).resolve().name
        if (path / name).is_symlink() and re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", blob):
            yield name, path / name, blob
