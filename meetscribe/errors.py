"""All exceptions that meetscribe raises on purpose.

    MeetscribeError             1   base class of all others
    ├── SettingsError           2   unknown key, invalid value, or conflicting flags
    ├── InputError              3   a recording or transcript cannot be read
    ├── OutputError             3   a file or folder cannot be written
    ├── WeightsError            4   model weights or an access token are missing
    ├── NoSpeechError           5   the recording contains no speech
    ├── ThresholdError          1   a score exceeds the limit that was given
    └── IncompleteError         6   finished, but a stage or a file is missing
        └── IncompleteRunError  6   a stage failed after transcription; carries the transcript

The numbers are the exit codes of the command line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, ClassVar


class MeetscribeError(Exception):
    """An error with a `message` and a `remedy`: what went wrong, and what to do about it.

    >>> print(MeetscribeError("no such file: a.wav", "Check the path."))
    no such file: a.wav
    Check the path.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        """Store both parts in `args`, so that the error can be pickled."""
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class SettingsError(MeetscribeError):
    """A key is unknown, a value is invalid, or settings conflict."""

    exit_code = 2


class InputError(MeetscribeError):
    """A recording or transcript cannot be read."""

    exit_code = 3


class OutputError(MeetscribeError):
    """A file or folder cannot be written."""

    exit_code = 3


class WeightsError(MeetscribeError):
    """Model weights, or the token required to download them, are missing."""

    exit_code = 4


class NoSpeechError(MeetscribeError):
    """The recording contains no speech."""

    exit_code = 5


class ThresholdError(MeetscribeError):
    """A score exceeds the limit that was given."""


class IncompleteError(MeetscribeError):
    """The command finished, but a stage of a recording or a recording of a batch is missing."""

    exit_code = 6


class IncompleteRunError(IncompleteError):
    """A stage failed after transcription; `transcript` is the `Transcript` without its result.

    The attribute is typed `Any` because this module is below `meetscribe.transcript`.
    """

    def __init__(self, message: str, remedy: str, transcript: Any) -> None:
        """Store all parts in `args`, so that the error can be pickled."""
        super().__init__(message, remedy)
        self.args = (message, remedy, transcript)
        self.transcript = transcript


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint for an unknown name: the closest known name, or all known names.

    >>> nearest("jsn", ["json", "vtt"])
    "did you mean 'json'?"
    >>> nearest("docx", ["json", "vtt"])
    'known: json, vtt'
    """
    names = list(known)
    folded = {candidate.casefold(): candidate for candidate in names}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    return f"known: {', '.join(names)}" if names else ""
