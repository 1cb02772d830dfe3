"""Verify the files of models on this machine against their hashes, without the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from meetscribe.weights import store
from meetscribe.weights.sources import hub


@dataclass(frozen=True, slots=True)
class Verification:
    """The number of a model's files that were compared with their hashes, and the names of damaged files."""

    path: Path
    compared: int
    damaged: tuple[str, ...] = ()


def verify(path: Path) -> Verification:
    """Compare each file of a model with its hash.

    In the hub's cache, each file is a link to a file named by its hash; in a folder of models, the record holds the
    hashes. A missing file counts as damaged. Files without a known hash, such as torchaudio's, are not compared.
    """
    hashes = list(_hashes(path))
    damaged = (name for name, file, known in hashes if not file.is_file() or hub.hash_of(file, known) != known)
    return Verification(path, len(hashes), tuple(damaged))


def delete_damaged(verification: Verification) -> None:
    """Delete the damaged files, so that they are fetched again."""
    for name in verification.damaged:
        file = verification.path / name
        file.resolve().unlink(missing_ok=True)
        file.unlink(missing_ok=True)


def _hashes(path: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield the name, path and hash of each file with a known hash."""
    if path.is_file():
        return
    record = store.read_record(path)
    if record is not None:
        for name, known in record.files.items():
            yield name, path / name, known
        return
    for name in store.files_in(path):
        blob = (path / name).resolve().name
        if (path / name).is_symlink() and re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", blob):
            yield name, path / name, blob
