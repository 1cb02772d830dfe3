"""The formats a transcript is written in and read from: one file each, and the table of them here.

How to add one:

1. Write `formats/<name>.py` with `write(transcript: Transcript) -> str`. A transcript without segments is
   valid; text and names may hold anything, so escape them as the format asks.
2. If a whole transcript can be had back, add `read(data: bytes, name: str) -> Transcript`, which raises
   InputError for what is wrong; `name` is the file's, for the message.
3. Add a row to FORMATS, saying what the format carries and what it loses.
4. Add a golden file and its tests under `tests/formats`.
"""

from __future__ import annotations

from meetscribe.formats.files import load, save, write_file
from meetscribe.formats.table import FORMATS, Format, find_format, parse_names, read, write

__all__ = [
    "FORMATS",
    "Format",
    "find_format",
    "load",
    "parse_names",
    "read",
    "save",
    "write",
    "write_file",
]
