"""The formats a transcript is written in and read from: one file each, and the table of them here.

How to add one:

1. Write `formats/<name>.py`. To be written, it has `write(transcript: Transcript) -> str` (or bytes). A transcript
   without segments is valid; text and names may hold anything, so escape them as the format asks.
2. To be read, it has `read(document: Document) -> Transcript`, which raises InputError for what is wrong, and
   `matches(document: Document) -> bool`, which says from the content alone whether a file is of this format; no file
   may be claimed by two. `building` puts transcripts together and states what a file does not say.
3. Add a row to FORMATS in `table`, saying what the format carries and what it loses, and the same row to README.
4. Add the golden files: `python -m tests.formats.goldens` writes them to `tests/formats/golden`; read
   them before you commit. What a round trip loses is said in `tests/formats/test_round_trips.py`.
"""

from __future__ import annotations

from meetscribe.formats.converting import detect_format, find_format, parse_names, read, write
from meetscribe.formats.files import load, save, write_file
from meetscribe.formats.parts.document import Document
from meetscribe.formats.table import FORMATS, Format

__all__ = [
    "FORMATS",
    "Document",
    "Format",
    "find_format",
    "detect_format",
    "load",
    "parse_names",
    "read",
    "save",
    "write",
    "write_file",
]
