"""Digests of all files that meetscribe wrote, to recognise files that may be replaced.

They are needed for files with options, or without a native JSON beside them. Only the digest and the command that
wrote the file are stored, not its name or contents.
"""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path

from meetscribe.storage.files import TRANSCRIPT_BYTES, append_line, file_digest, read_file, replace_file, sha256_digest
from meetscribe.storage.folders import cache_folder

_MAX_BYTES = 4_000_000  # about 60 000 files; above this, the older half is removed


def record_written(data: bytes, command: str = "") -> None:
    """Store the digest of a file written by a command; an unwritable cache folder is ignored."""
    _record(sha256_digest(BytesIO(data)), command)


def record_written_file(file: Path) -> None:
    """Store the digest of a written file of any size, see `record_written`."""
    with suppress(OSError):
        _record(file_digest(file))


def was_written(file: Path) -> bool:
    """Return whether meetscribe wrote a file with this content, regardless of its name."""
    return writer_of(file) is not None


def writer_of(file: Path) -> str | None:
    """Return the command that last wrote this content: empty if the command is unknown, None if none wrote it."""
    with suppress(OSError):
        digest = _stored(file_digest(file))
        lines = read_file(_file(), TRANSCRIPT_BYTES).splitlines()
        line = next((line for line in reversed(lines) if line.startswith(digest)), None)
        return None if line is None else line[len(digest) :].strip().decode("ascii", "replace")
    return None


def _record(digest: str, command: str = "") -> None:
    file = _file()
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > _MAX_BYTES:
            lines = read_file(file, TRANSCRIPT_BYTES).splitlines(keepends=True)
            replace_file(file, b"".join(lines[len(lines) // 2 :]))
        append_line(file, _stored(digest) + f" {command}".rstrip().encode())


def _file() -> Path:
    return cache_folder() / "written-files"


def _stored(digest: str) -> bytes:
    """Return a digest as it is stored: hexadecimal, without "sha256:"."""
    return digest.removeprefix("sha256:").encode()
