"""Every error that meetscribe raises on purpose; errors of other libraries are not translated here.

    MeetscribeError          1   something went wrong that was foreseen
    ├── SettingsError        2   unknown key, bad value, flags that cannot go together
    ├── InputError           3   a recording or transcript that cannot be read
    ├── OutputError          3   a place that cannot be written
    ├── WeightsError         4   weights or token missing
    ├── NoSpeechError        5   nobody speaks in the recording
    ├── ThresholdError       1   a result is worse than was asked for
    └── IncompleteError      6   finished, but a stage or a file is missing

The number is the exit code of the command line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


class MeetscribeError(Exception):
    """What went wrong, and in `remedy` what to do next.

    >>> print(MeetscribeError("no such file: a.wav", "Check the path."))
    no such file: a.wav
    Check the path.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep both parts in `args`, so that the error survives pickling between processes."""
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class SettingsError(MeetscribeError):
    """An unknown key, a bad value, or settings that cannot go together."""

    exit_code = 2


class InputError(MeetscribeError):
    """A recording or a transcript that cannot be read."""

    exit_code = 3


class OutputError(MeetscribeError):
    """A place that cannot be written."""

    exit_code = 3


class WeightsError(MeetscribeError):
    """Weights, or the token to fetch them with, are missing."""

    exit_code = 4


class NoSpeechError(MeetscribeError):
    """Nobody speaks in the recording."""

    exit_code = 5


class ThresholdError(MeetscribeError):
    """A result is worse than was asked for."""


class IncompleteError(MeetscribeError):
    """The run finished, but a stage of a file or a file of a batch is missing."""

    exit_code = 6


def nearest(name: str, known: Iterable[str]) -> str:
    """The hint after an unknown name: the closest known one, else all that are known.

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
