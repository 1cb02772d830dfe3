"""Save transcripts to files and load them; files are written atomically and readable by their owner only."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from meetscribe.errors import InputError, OutputError, SettingsError, nearest, os_reason
from meetscribe.formats.converting import format_by_suffix, read, write
from meetscribe.formats.protocol import Format
from meetscribe.formats.table import FORMATS
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file, replace_file
from meetscribe.transcript import Transcript


def save(transcript: Transcript, path: str | Path, format: str | None = None, overwrite: bool = True) -> None:
    """Write the transcript to `path`, in `format` or in the format of the suffix.

    Raises SettingsError if the format is unknown, OutputError if the file cannot be written, or if it exists and
    `overwrite` is off.
    """
    path = Path(path)
    data = write(transcript, format or require_format(path).name)
    if not overwrite and path.exists():
        raise OutputError(f"{path} already exists", "Choose another name, or allow overwriting.")
    write_file(path, data)


def require_format(path: Path) -> Format:
    """Return the format of a path's suffix; raises SettingsError naming the nearest suffix if there is none."""
    found = format_by_suffix(path)
    if found is None:
        suffixes = [suffix for row in FORMATS.values() for suffix in row.suffixes]
        raise SettingsError(f"{path}: no format has the suffix {path.suffix!r}", nearest(path.suffix, suffixes))
    return found


def load(path: str | Path, format: str | None = None, encoding: str | None = None) -> Transcript:
    """Read the transcript of a file, in `format` or in the format detected.

    `encoding` is its text encoding, by default detected. Raises InputError if the file cannot be read, SettingsError if
    the format or the encoding is unknown.
    """
    path = Path(path)
    try:
        data = read_file(path, TRANSCRIPT_BYTES)
    except (OSError, ValueError) as error:  # ValueError: an impossible file name
        raise InputError(f"{path}: {os_reason(error)}", "Check the path and its permissions.") from error
    return read(data, str(path), format, encoding)


def write_file(path: str | Path, data: bytes) -> None:
    """Write `data` to `path` atomically, readable and writable by its owner only.

    Links are followed; devices and pipes are written to directly. Raises OutputError.
    """
    path = Path(path)
    try:
        target = path.resolve()
        if target.is_symlink():  # a loop of links, since Python 3.13
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
        else:
            replace_file(target, data)
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise OutputError(f"{path}: {os_reason(error)}", _remedy(path)) from error


def _remedy(path: Path) -> str:
    """Return the fix for a path that cannot be written."""
    if path.is_dir():
        return "This is a folder: give the name of a file in it."
    if not path.parent.is_dir():
        return f"Create the folder {path.parent} first, or choose another."
    if not os.access(path.parent, os.W_OK):
        return f"You have no permission to write in {path.parent}: choose another folder, or change its permissions."
    return "Check that the disk is not full and that the name is valid."
