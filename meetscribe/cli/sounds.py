"""The recordings that a page plays: embedded where they are small, else by their path."""

from __future__ import annotations

import base64
import mimetypes
import os
from pathlib import Path
from urllib.parse import quote

from meetscribe.errors import InputError, os_reason

EMBEDDED_BYTES = 20_000_000
"""Up to this size a page holds the recording itself."""

_TYPES = {".flac": "audio/flac", ".opus": "audio/ogg", ".m4a": "audio/mp4", ".mkv": "video/x-matroska"}


def sound_of(given: Path | None, name: str, beside: Path, *, alone: bool) -> str | None:
    """The address of a recording's sound, for a page in the folder `beside`; None if none is given.

    `given` is its file, if it is `alone`, or the folder that holds it by its name. Raises InputError if it is not
    there.
    """
    if given is None:
        return None
    file = given if alone and given.is_file() else _in_folder(given, name)
    kind = _TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "audio/mpeg"
    try:
        if file.stat().st_size <= EMBEDDED_BYTES:
            return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    except OSError as error:
        raise InputError(f"{file}: {os_reason(error)}", "Check the path and its permissions.") from error
    return quote(Path(os.path.relpath(file.resolve(), beside.resolve())).as_posix())


def _in_folder(folder: Path, name: str) -> Path:
    """The sound or film of that name; raises InputError if there is none."""
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    for file in files:
        kind = mimetypes.guess_type(file.name)[0] or ""
        if file.stem == name and (file.suffix.lower() in _TYPES or kind.startswith(("audio/", "video/"))):
            return file
    raise InputError(f"--audio {folder}: no recording called {name}", "Give its file, or the folder that holds it.")
