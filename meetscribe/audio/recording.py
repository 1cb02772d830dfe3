"""A recording that is decoded once, on first use of its samples."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from meetscribe.audio.opening import file_hash, open_recording
from meetscribe.audio.values import Audio
from meetscribe.errors import InputError
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds

Decode: TypeAlias = Callable[[Path, Progress], Audio]
"""A function that decodes a file, as `load_audio` does."""


class Recording:
    """A file, or the folder of a live session: hashed immediately, decoded by `decode` on first use of its samples.

    It is thread-safe: one thread decodes, the others wait. Creating it raises InputError for anything but a non-empty
    file or such a folder, and OutputError if the disk has no room to join the pieces of the session.
    """

    def __init__(self, path: str | Path, decode: Decode) -> None:
        if not isinstance(path, str | os.PathLike):
            text = f"a recording is given as the path of its file, not as {type(path).__name__}"
            raise InputError(text, "Give the path; samples must be written to a file first.")
        self.path = Path(path)
        with open_recording(path) as data:
            self.hash = file_hash(data)
        self._decode = decode
        self._audio: Audio | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the file or folder."""
        return self.path.name

    @property
    def duration(self) -> Seconds | None:
        """The length in seconds, None before decoding."""
        return None if self._audio is None else self._audio.duration

    def audio(self, progress: Progress = ignore_progress) -> Audio:
        """Return the decoded recording; raises InputError if decoding fails or the file has changed since hashing."""
        with self._lock:
            if self._audio is None:
                audio = self._decode(self.path, progress)
                if audio.hash != self.hash:
                    raise InputError(f"{self.name} was changed while it was read", "Wait until it is complete.")
                self._audio = audio
            return self._audio
