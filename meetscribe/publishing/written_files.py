"""The digests of all files that meetscribe wrote, by which a file is recognised that may be replaced.

The native JSON beside a file shows that meetscribe wrote it, but not if the file was written with options or if there
is no JSON. Only digests are stored, and the command that wrote the file if it is known: neither names nor contents.
"""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path

from meetscribe.storage.files import TRANSCRIPT_BYTES, append_line, file_digest, read_file, replace_file, sha256_digest
from meetscribe.storage.folders import cache_folder

_MAX_BYTES = 4_000_000  # about 60 000 files; then the older half is forgotten


def record_written(data: bytes, command: str = "") -> None:
    """Store the digest of a file that a command wrote; a cache folder that cannot be written is ignored."""
    _record(sha256_digest(BytesIO(data)), command)


def record_written_file(file: Path) -> None:
    """Store the digest of a file of any size that was written, as `record_written` does."""
    with suppress(OSError):
        _record(file_digest(file))


def was_written(file: Path) -> bool:
    """Return whether the file has the content of one that was written, whatever its name."""
    return writer_of(file) is not None


def writer_of(file: Path) -> str | None:
    """Return the command that last wrote a file with this content: empty if unknown, None if none was written."""
    with suppress(OSError):
        digest = _line(file_digest(file))
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
        append_line(file, _line(digest) + f" {command}".rstrip().encode())


def _file() -> Path:
    return cache_folder() / "written-files"


def _line(digest: str) -> bytes:
    """Return the hexadecimal digest as it is stored."""
    return digest.removeprefix("sha256:").encode()
