"""The audio of a report: a relative link to the recording, or the recording embedded in the page."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from meetscribe import audio
from meetscribe.audio.encoding import MEDIA_TYPE, encode_opus
from meetscribe.runtime.progress import Progress, ignore_progress


@dataclass(frozen=True, slots=True)
class Sound:
    """The URL of the audio, and the file name of the recording.

    For embedded audio, `size` is its size in the page in bytes; for a link, it is None.
    """

    url: str
    name: str
    size: int | None = None


def link_sound(recording: Path, folder: Path) -> Sound:
    """Return the link to a recording for a page in `folder`."""
    return Sound(relative_url(recording, folder), recording.name)


def embed_sound(recording: Path, progress: Progress = ignore_progress) -> Sound:
    """Return a recording as Opus in a data URL, about 15 MB per hour.

    Raises InputError if the recording cannot be decoded.
    """
    decoded = audio.load_audio(recording, lambda done: progress(0.3 * done))
    data = encode_opus(decoded, lambda done: progress(0.3 + 0.7 * done))
    url = f"data:{MEDIA_TYPE};base64,{base64.b64encode(data).decode()}"
    return Sound(url, recording.name, len(url))


def relative_url(file: Path, folder: Path) -> str:
    """Return the URL of a file for a page in `folder`: relative, or absolute for another drive on Windows."""
    try:
        path = os.path.relpath(file.absolute(), folder.absolute())
    except ValueError:
        return file.absolute().as_uri()
    return quote(Path(path).as_posix())
