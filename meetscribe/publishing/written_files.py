"""Digests of all files that meetscribe wrote, to recognise files that may be replaced.

They are needed for files with options, or without a native JSON beside them. Each line holds the digest of the
content, the command that wrote the file, and digests of the paths of the transcript it was made from and of the file;
"-" if unknown. Neither names nor content are stored.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import islice
from pathlib import Path

from meetscribe.formats import FORMATS
from meetscribe.storage.files import TRANSCRIPT_BYTES, append_line, file_digest, read_file, replace_file, sha256_digest
from meetscribe.storage.folders import cache_folder

_MAX_BYTES = 4_000_000  # about 40 000 files; above this, the older half is removed
_MAX_FILES = 1000  # files of a folder that `written_from` reads


def record_written(data: bytes, command: str = "", source: Path | None = None, file: Path | None = None) -> None:
    """Store the digest of the content of `file`, written by a command from the transcript `source`.

    An unwritable cache folder is ignored.
    """
    _record(sha256_digest(BytesIO(data)), command, source, file)


def record_written_file(file: Path, command: str = "") -> None:
    """Store the digest of a file of any size, written by a command, see `record_written`."""
    with suppress(OSError):
        _record(file_digest(file), command, file=file)


def was_written(file: Path) -> bool:
    """Return whether meetscribe wrote a file with this content, regardless of its name."""
    return writer_of(file) is not None


def writer_of(file: Path) -> str | None:
    """Return the command that last wrote this content: empty if the command is unknown, None if none wrote it."""
    with suppress(OSError):
        digest = _stored(file_digest(file))
        line = next((line for line in reversed(_lines()) if line.startswith(digest)), None)
        return None if line is None else b"".join(line.split()[1:2]).decode("ascii", "replace").removeprefix("-")
    return None


def written_from(source: Path) -> dict[Path, str]:
    """Return the files made from a transcript and unedited since, with the command that wrote each.

    They are looked for in the folder of the transcript and the folders in it, whatever their names are. A file is left
    out if its content was written to another path, or was last written to this path from another transcript.
    """
    key = _key(source)
    rows = [row for line in _lines() if len(row := line.split()) == 4]
    last = {(digest, path): (command, maker) for digest, command, maker, path in rows}
    found: dict[Path, str] = {}
    for file in islice(_documents_near(source), _MAX_FILES) if any(maker == key for _, maker in last.values()) else ():
        with suppress(OSError):
            command, maker = last.get((_stored(file_digest(file)), _key(file)), (b"-", b""))
            found |= {file: command.decode("ascii", "replace")} if maker == key and command != b"-" else {}
    return found


def _documents_near(source: Path) -> Iterator[Path]:
    """Yield the files of a transcript's folder and of the folders in it that may be documents or exports."""
    suffixes = (".ics", *(suffix for row in FORMATS.values() if row.writes for suffix in row.suffixes))
    with suppress(OSError):
        entries = sorted(source.parent.iterdir())
        for folder in [source.parent, *(entry for entry in entries if entry.is_dir() and entry.name[0] != ".")]:
            files = sorted(folder.iterdir()) if folder != source.parent else entries
            yield from (file for file in files if file.name.endswith(suffixes) and file != source and file.is_file())


def _lines() -> list[bytes]:
    """Return the stored lines, oldest first."""
    try:
        return read_file(_file(), TRANSCRIPT_BYTES).splitlines()
    except OSError:
        return []


def _record(digest: str, command: str, source: Path | None = None, file: Path | None = None) -> None:
    records = _file()
    with suppress(OSError):
        records.parent.mkdir(parents=True, exist_ok=True)
        if records.exists() and records.stat().st_size > _MAX_BYTES:
            lines = read_file(records, TRANSCRIPT_BYTES).splitlines(keepends=True)
            replace_file(records, b"".join(lines[len(lines) // 2 :]))
        keys = (b"-" if path is None else _key(path) for path in (source, file))
        append_line(records, b" ".join((_stored(digest), command.encode() or b"-", *keys)))


def _file() -> Path:
    return cache_folder() / "written-files"


def _key(file: Path) -> bytes:
    """Return a short digest of the path of a file, absolute and without links."""
    return hashlib.sha256(os.path.realpath(file).encode("utf-8", "surrogateescape")).hexdigest()[:16].encode()


def _stored(digest: str) -> bytes:
    """Return a digest as it is stored: hexadecimal, without "sha256:"."""
    return digest.removeprefix("sha256:").encode()
