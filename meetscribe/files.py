"""Files that are there whole or not at all, and for their owner's eyes only; what is in them is other rooms' matter."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

PART = ".part"
"""How a file ends that is not whole yet; one that is left over belonged to a process that is gone."""


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
