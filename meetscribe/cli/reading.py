"""The transcript that a command is given by name, or through a pipe; which formats there are is in formats."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from meetscribe.errors import InputError, os_reason
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file

if TYPE_CHECKING:
    from meetscribe.transcript import Transcript

STDIN = "-"
"""What stands for stdin in place of a file."""


def read_transcript(file: str, source: str | None = None) -> Transcript:
    """The transcript in a file or on stdin, in the format `source`, or in the one that its content shows."""
    from meetscribe import formats

    if file == STDIN:
        return formats.read(read_stdin(), "stdin", source)
    return formats.load(file, source)


def read_stdin() -> bytes:
    """All that comes through the pipe; raises InputError if it is more than a transcript can be."""
    try:
        return read_file(sys.stdin.buffer, TRANSCRIPT_BYTES)
    except OSError as error:
        raise InputError(f"stdin cannot be read: {os_reason(error)}", "Give the name of a file.") from error
