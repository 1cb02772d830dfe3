"""A recording that is decoded when its samples are first asked for, once; how, is in decode."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from meetscribe.audio.opening import digest, open_recording
from meetscribe.audio.values import Audio
from meetscribe.errors import InputError
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds

Decode: TypeAlias = Callable[[Path, Progress], Audio]
"""What makes samples of a file, as `load_audio` does."""


class Recording:
    """The file of a recording: hashed at once, decoded by `decode` when somebody first asks for its samples.

    Threads may ask at the same time; one decodes, the others wait. Raises InputError if it is no file with
    content.
    """

    def __init__(self, path: str | Path, decode: Decode) -> None:
        self.path = Path(path)
        with open_recording(path) as data:
            self.hash = digest(data)
        self._decode = decode
        self._audio: Audio | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    @property
    def duration(self) -> Seconds | None:
        """Its length in seconds; None as long as it is not decoded."""
        return None if self._audio is None else self._audio.duration

    def audio(self, progress: Progress = ignore_progress) -> Audio:
        """Its samples; raises InputError if they cannot be had, or the file is not the one that was hashed."""
        with self._lock:
            if self._audio is None:
                audio = self._decode(self.path, progress)
                if audio.hash != self.hash:
                    raise InputError(f"{self.name} was changed while it was read", "Wait until it is complete.")
                self._audio = audio
            return self._audio
