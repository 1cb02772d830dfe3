"""The transcript that a command is given by name, or through a pipe; which formats there are is in formats."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meetscribe.transcript import Transcript

STDIN = "-"
"""What stands for stdin in place of a file."""


def read_transcript(file: str, source: str | None = None) -> Transcript:
    """The transcript in a file or on stdin, in the format `source`, or in the one that its content shows."""
    from meetscribe import formats

    if file == STDIN:
        return formats.read(sys.stdin.buffer.read(), "stdin", source)
    return formats.load(file, source)
