"""Open a recording: a local regular file, without examining its content, or the folder of a live session."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import IO

from meetscribe.audio.session_folder import is_session_folder, open_session, read_pieces
from meetscribe.errors import InputError, os_reason
from meetscribe.storage.files import sha256_digest
from meetscribe.text.json_values import encodable
from meetscribe.text.whitespace import one_line


def open_recording(path: str | Path) -> IO[bytes]:
    """Open a recording; raises InputError, without blocking, if it is not a regular file with content.

    The folder of a live session is opened as one WAV file; raises OutputError if the disk has no room for it.
    """
    if is_session_folder(path):
        return open_session(Path(path))
    shown = encodable(one_line(str(path)))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(path)):
        raise InputError(f"{shown} is an address, not a file", "Download the recording and give the path of the file.")
    try:
        _require_regular(os.stat(path), shown)  # noqa: PTH116 - before opening, which has effects on some devices
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        data = os.fdopen(os.open(path, flags), "rb")
    except FileNotFoundError as error:
        raise InputError(f"no such file: {shown}", "Check the path.") from error
    except (OSError, ValueError) as error:  # ValueError: an impossible file name
        raise InputError(
            f"{shown} cannot be read: {os_reason(error)}", "Check the path and its permissions."
        ) from error
    try:
        _require_regular(os.fstat(data.fileno()), shown)  # it may have been replaced in the meantime
    except InputError:
        data.close()
        raise
    return data


def require_recording(path: str | Path) -> None:
    """Raise InputError as `open_recording` does, without joining the pieces of a session."""
    if not (is_session_folder(path) and read_pieces(Path(path))):
        open_recording(path).close()


def _require_regular(status: os.stat_result, shown: str) -> None:
    """Raise InputError unless a file is a regular, non-empty file."""
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{shown} is a directory", "Give the path of one recording in it.")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{shown} is not a regular file", "Save the recording to a file first.")
    if status.st_size == 0:
        raise InputError(f"{shown} is empty", "The recording or its download may have failed: copy it again.")


def file_hash(data: IO[bytes]) -> str:
    """Return "sha256:" and the hexadecimal digest of a file's bytes; raises InputError if they cannot be read."""
    try:
        return sha256_digest(data)
    except OSError as error:
        raise InputError(f"the recording cannot be read: {os_reason(error)}", "Check the disk.") from error
