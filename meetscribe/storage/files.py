"""Files read up to a size, written whole or not at all, and for their owner's eyes only; not what is in them."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import IO

SETTINGS_BYTES = 1_000_000
"""The most that is read of a file of settings or names."""

LINES_BYTES = 10_000_000
"""The most that is read of a file with an entry to the line: a list of recordings, a vocabulary."""

TRANSCRIPT_BYTES = 500_000_000
"""The most that is read of a transcript, of turns, or of a manifest."""

PART = ".part"
"""How a file ends that is not whole yet; one that is left over belonged to a process that is gone."""


def is_file(path: str | Path) -> bool:
    """Whether there is a file of this name, which may be one that no file can have: `Path.is_file` raises for some."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str | Path) -> bool:
    """Whether there is a folder of this name, which may be one that no folder can have."""
    return os.path.isdir(path)  # noqa: PTH112


def read_file(source: Path | IO[bytes], most: int) -> bytes:
    """All that is in a file or an open stream, if it is `most` bytes or less: some devices give them without end.

    Raises OSError, ValueError for a name that no file can have.
    """
    if not isinstance(source, Path):
        return _read(source, most)
    with source.open("rb") as data:
        return _read(data, most)


def _read(data: IO[bytes], most: int) -> bytes:
    """All of a stream; raises OSError if it is longer than `most` bytes."""
    content = data.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most / 1e6:g} MB, the most that is read of such a file")
    return content


def replace_file(target: Path, data: bytes) -> None:
    """Write a new file beside the target (mode 0600 from its first byte), then put it in its place.

    A crash leaves the old file whole. Raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=PART, dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def append_line(target: Path, line: bytes) -> None:
    """Add a line to a file (mode 0600) in a single write, on a line of its own even after half a line of a crash.

    Several processes may do so at once. Raises OSError.
    """
    handle = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        data = b"\n" + line + b"\n"
        if os.write(handle, data) != len(data):
            raise OSError("only a part of the line could be written")
        os.fsync(handle)
    finally:
        os.close(handle)
