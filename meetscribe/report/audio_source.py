"""The audio of the evaluation page's player: embedded if small, otherwise linked by a relative path."""

from __future__ import annotations

import base64
import mimetypes
from pathlib import Path

from meetscribe.errors import InputError, os_reason
from meetscribe.report.sound import relative_url

MAX_EMBEDDED_BYTES = 20_000_000
"""The maximum size of a recording to embed in the page."""

_TYPES = {".flac": "audio/flac", ".opus": "audio/ogg", ".m4a": "audio/mp4", ".mkv": "video/x-matroska"}


def audio_url(path: Path | None, name: str, page_folder: Path, *, single: bool) -> str | None:
    """Return the URL of a recording for a page in `page_folder`, or None if `path` is None.

    `path` is the file of a `single` recording, or the folder that contains the recording called `name`. Raises
    InputError if there is no such file.
    """
    if path is None:
        return None
    file = path if single and path.is_file() else _find(path, name)
    kind = _TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "audio/mpeg"
    try:
        if file.stat().st_size <= MAX_EMBEDDED_BYTES:
            return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    except OSError as error:
        raise InputError(f"{file}: {os_reason(error)}", "Check the path and its permissions.") from error
    return relative_url(file, page_folder)


def _find(folder: Path, name: str) -> Path:
    """Return the audio or video file with the stem `name`; raises InputError if there is none."""
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    for file in files:
        kind = mimetypes.guess_type(file.name)[0] or ""
        if file.stem == name and (file.suffix.lower() in _TYPES or kind.startswith(("audio/", "video/"))):
            return file
    raise InputError(f"--audio {folder}: no recording called {name}", "Give its file, or the folder that contains it.")
