"""Identification of model weights by their files; large files are sampled for speed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

_SAMPLE = 1 << 20  # bytes; a file of more than 16 such samples is not read completely


def fingerprint_of(files: Iterable[Path], version: bytes = b"") -> str:
    """Return 32 hexadecimal digits that depend on the name, size and samples of each file, and on `version`."""
    digest = hashlib.sha256(version)
    for path in files:
        size = path.stat().st_size
        digest.update(f"{path.name}\0{size}\0".encode())
        with path.open("rb") as file:
            for offset in range(0, size, max(_SAMPLE, size // 16)):
                file.seek(offset)
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()[:32]


def identify(model: str) -> str:
    """Return the identity of a model, given its path or name.

    This is the repository and the commit for a model in the hub's cache, the fingerprint of the files for another path,
    otherwise the name itself.
    """
    path = Path(model).expanduser()
    if path.parent.name == "snapshots":
        return f"{path.parent.parent.name}@{path.name}"
    if path.is_dir():
        return fingerprint_of(sorted(file for file in path.rglob("*") if file.is_file()))
    return fingerprint_of([path]) if path.is_file() else model
