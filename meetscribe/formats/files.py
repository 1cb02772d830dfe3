"""Transcripts to files and back: a file is there whole or not at all, and for its owner's eyes only."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from meetscribe.errors import InputError, OutputError, SettingsError, nearest, os_reason
from meetscribe.formats.converting import format_by_suffix, read, write
from meetscribe.formats.table import FORMATS
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file, replace_file
from meetscribe.transcript import Transcript


def save(transcript: Transcript, path: str | Path, format: str | None = None, overwrite: bool = True) -> None:
    """Write the transcript to `path`, in `format` or in the one that the suffix names.

    Raises SettingsError if the format is not known, OutputError if the file cannot be written, or exists
    although `overwrite` is off.
    """
    path = Path(path)
    if format is None:
        by_suffix = format_by_suffix(path)
        if by_suffix is None:
            suffixes = [suffix for row in FORMATS.values() for suffix in row.suffixes]
            raise SettingsError(f"{path}: no format has the suffix {path.suffix!r}", nearest(path.suffix, suffixes))
        format = by_suffix.name
    data = write(transcript, format)
    if not overwrite and path.exists():
        raise OutputError(f"{path} exists already", "Choose another name, or allow it to be overwritten.")
    write_file(path, data)


def load(path: str | Path, format: str | None = None) -> Transcript:
    """The transcript in the file, in `format` or in the one that its content shows.

    Raises InputError if it cannot be read, naming what is wrong; SettingsError if the format is not known.
    """
    path = Path(path)
    try:
        data = read_file(path, TRANSCRIPT_BYTES)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = os_reason(error)
        raise InputError(f"{path}: {reason}", "Check the path and its permissions.") from error
    return read(data, str(path), format)


def write_file(path: str | Path, data: bytes) -> None:
    """Put `data` at `path`, readable and writable by its owner alone; a crash leaves the old file whole.

    A link is followed, and a device or pipe is written to as it is. Raises OutputError.
    """
    path = Path(path)
    try:
        target = path.resolve()
        if target.is_symlink():  # a circle, since Python 3.13
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
        else:
            replace_file(target, data)
    except (OSError, RuntimeError) as error:  # RuntimeError: a circle of links, before 3.13
        raise OutputError(f"{path}: {os_reason(error)}", _remedy(path)) from error


def _remedy(path: Path) -> str:
    """What to do about a path that cannot be written."""
    if path.is_dir():
        return "That is a folder: give the name of a file in it."
    if not path.parent.is_dir():
        return f"Create the folder {path.parent} first, or choose another."
    if not os.access(path.parent, os.W_OK):
        return f"You may not write in {path.parent}: choose another folder, or change its permissions."
    return "Check that the disk has room and the name is allowed."
