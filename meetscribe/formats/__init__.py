"""Read and write transcripts: one module per format, and a table of the formats.

How to add a format:

1. Write `formats/NAME.py`. A format that can be written has `write(transcript: Transcript) -> str` (or bytes); its
   keyword-only parameters, with defaults, are the format's options. A transcript without segments is valid; texts and
   names may contain any characters, so escape them as the format requires.
2. A format that can be read has `read(document: Document) -> Transcript`, which raises InputError with the line, or
   the path of the value, and the remedy, and `matches(document: Document) -> bool`, which recognises the format by
   its content alone; no two formats may match the same file. `parts/building.py` builds transcripts and records the
   information missing from a file.
3. Add a row to FORMATS in `table.py`: suffixes, contents and losses of the format, media type, optional package.
   Reading, writing and options follow from the module.
4. Run `python -m tests.formats.goldens`, which writes the golden files and the table of `formats/README.md`. Read them
   before you commit. For a format that is read and written, add to VIEWS in `tests/formats/test_round_trips.py`
   what a file read back has in common with the original.

Another package adds a format without changes here: it defines a `Format` whose `path` is its own module, and names it
in the entry point group `meetscribe.formats`.
"""

from __future__ import annotations

from meetscribe.formats.converting import detect_format, find_format, parse_names, read, write
from meetscribe.formats.files import load, save, write_file
from meetscribe.formats.parts.document import Document
from meetscribe.formats.protocol import Format
from meetscribe.formats.table import FORMATS

__all__ = [
    "FORMATS",
    "Document",
    "Format",
    "detect_format",
    "find_format",
    "load",
    "parse_names",
    "read",
    "save",
    "write",
    "write_file",
]
