"""The open file of a recording: a local, regular file and nothing else; what is in it is not looked at."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import IO

from meetscribe.errors import InputError, os_reason
from meetscribe.storage.files import sha256_digest
from meetscribe.text.json_values import encodable
from meetscribe.text.whitespace import one_line


def open_recording(path: str | Path) -> IO[bytes]:
    """The open file of a recording; raises InputError if it is no regular file with content, without waiting."""
    shown = encodable(one_line(str(path)))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(path)):
        raise InputError(f"{shown} is an address, not a file", "Download the recording and give the path of the file.")
    try:
        _check(os.stat(path), shown)  # noqa: PTH116 - what is opened may act, so it is looked at before
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        data = os.fdopen(os.open(path, flags), "rb")
    except FileNotFoundError as error:
        raise InputError(f"no such file: {shown}", "Check the path.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = os_reason(error)
        raise InputError(f"{shown} cannot be read: {reason}", "Check the path and its permissions.") from error
    try:
        _check(os.fstat(data.fileno()), shown)  # it may be another by now
    except InputError:
        data.close()
        raise
    return data


def _check(found: os.stat_result, shown: str) -> None:
    """Raise InputError for what is no regular file with content."""
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{shown} is a directory", "Give the path of one recording in it.")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{shown} is not a regular file", "Save the recording to a file first.")
    if found.st_size == 0:
        raise InputError(f"{shown} is empty", "The recording or its download may have failed: copy it again.")


def digest(data: IO[bytes]) -> str:
    """The SHA-256 of the file's bytes, as "sha256:…"; raises InputError if they cannot be read."""
    try:
        return sha256_digest(data)
    except OSError as error:
        raise InputError(f"the recording cannot be read: {os_reason(error)}", "Check the disk it is on.") from error
