"""Bounded reads, and atomic writes of files that only their owner can read."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

SETTINGS_BYTES = 1_000_000
"""The maximum size of a file of settings or names."""

LINES_BYTES = 10_000_000
"""The maximum size of a file with one entry per line, such as a list of recordings or a vocabulary."""

TRANSCRIPT_BYTES = 500_000_000
"""The maximum size of a transcript, file of turns, or manifest."""

PART = ".part"
"""The suffix of a file that is being written; without a running process, it remains from a crash."""


def is_file(path: str | Path) -> bool:
    """Return whether a file exists; unlike `Path.is_file`, returns False for an impossible name."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str | Path) -> bool:
    """Return whether a folder exists; unlike `Path.is_dir`, returns False for an impossible name."""
    return os.path.isdir(path)  # noqa: PTH112


def read_file(source: Path | IO[bytes], limit: int) -> bytes:
    """Return the content of a file or an open stream, of at most `limit` bytes; a stream may be endless.

    Raises OSError, also for more than `limit` bytes, and ValueError for an impossible file name.
    """
    if not isinstance(source, Path):
        return _read(source, limit)
    with source.open("rb") as data:
        return _read(data, limit)


def _read(data: IO[bytes], limit: int) -> bytes:
    content = data.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit / 1e6:g} MB, the limit for such a file")
    return content


def sha256_digest(data: IO[bytes]) -> str:
    """Return "sha256:" and the hexadecimal digest of all bytes of an open file; raises OSError."""
    digest = hashlib.sha256()
    data.seek(0)
    while block := data.read(1 << 20):
        digest.update(block)
    return f"sha256:{digest.hexdigest()}"


def file_digest(path: Path) -> str:
    """Return "sha256:" and the hexadecimal digest of a file; raises OSError."""
    with path.open("rb") as data:
        return sha256_digest(data)


def replace_file(target: Path, data: bytes) -> None:
    """Write a file atomically with mode 0600: a crash leaves the old file intact. Raises OSError."""
    with replacing_file(target) as file:
        file.write(data)


@contextmanager
def replacing_file(target: Path) -> Iterator[IO[bytes]]:
    """Yield an open file with mode 0600 that replaces `target` when the block ends without an error.

    An error in the block leaves the old file intact and is passed on. Raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=PART, dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold an exclusive lock on a folder, so that only one process at a time checks and replaces a file in it.

    Has no effect if folders cannot be locked: on Windows, and on some network file systems.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except (OSError, ValueError):  # ValueError: an impossible name
        yield
        return
    try:
        if fcntl is not None:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def hold_folder(folder: Path) -> int | None:
    """Return a handle that holds an exclusive lock on a folder until it is closed, None if the folder is locked.

    The lock ends with the process. If folders cannot be locked, the handle has no lock. Raises OSError.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:  # a file system without locks
        pass
    return handle


def is_held(folder: Path) -> bool:
    """Return whether `hold_folder` would return None; raises OSError if the folder cannot be opened."""
    handle = hold_folder(folder)
    if handle is not None:
        os.close(handle)
    return handle is None


def append_line(target: Path, line: bytes) -> int:
    """Append a line to a file (mode 0600) in a single write, so that several processes may append simultaneously.

    After an incomplete line left by a crash, a new line is started. Returns the byte position of the line in the file.
    Raises OSError.
    """
    handle = os.open(target, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        data = (b"" if _ends_line(handle) else b"\n") + line + b"\n"
        if os.write(handle, data) != len(data):
            raise OSError("only part of the line could be written")
        os.fsync(handle)
        return os.lseek(handle, 0, os.SEEK_CUR) - len(line) - 1
    finally:
        os.close(handle)


def _ends_line(handle: int) -> bool:
    """Return whether an open file is empty or ends with a line feed."""
    size = os.fstat(handle).st_size
    if not size:
        return True
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) in (b"\n", b"")
