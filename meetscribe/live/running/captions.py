"""Subtitle files that are rewritten atomically during the session, so that players always find a complete one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe import formats
from meetscribe.errors import OutputError
from meetscribe.live.events import Event
from meetscribe.live.transcript import LiveTranscript
from meetscribe.publishing.destinations import write_output

if TYPE_CHECKING:
    from meetscribe.formats.parts.options import FormatOptions

CONTINUOUS = ("srt", "vtt")
"""The formats that are written during the session; the others are written when it stops."""


class Captions:
    """A listener that rewrites the files after each closed segment, each revision and each name.

    `transcript` is the initial state in a resumed session. A failed file is retried at the next change.
    """

    def __init__(
        self,
        files: Mapping[str, Path],
        options: FormatOptions | None = None,
        transcript: LiveTranscript | None = None,
    ) -> None:
        self._errors: dict[str, OutputError] = {}
        self._files = {name: file for name, file in files.items() if name in CONTINUOUS}
        self._options = options or {}
        self._transcript = transcript or LiveTranscript()

    @property
    def error(self) -> OutputError | None:
        """The failure of a file that has not been written since; None without one."""
        return next(iter(self._errors.values()), None)

    def __call__(self, event: Event) -> None:
        """Apply an event, and write the files if it changes a finished line."""
        self._transcript = self._transcript.apply(event)
        changes = event.kind in ("revise", "speakers") or (event.kind == "commit" and event.payload["closed"] is True)
        if not (changes and self._files and self._transcript.words):
            return
        transcript = self._transcript.transcript("und")
        for name, file in self._files.items():
            try:
                write_output(file, formats.write(transcript, name, **self._options.get(name, {})))
            except OutputError as error:
                self._errors[name] = error
            else:
                self._errors.pop(name, None)
