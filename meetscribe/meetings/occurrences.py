"""Find the files that contain a person's name."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from meetscribe.errors import MeetscribeError
from meetscribe.formats import FORMATS, load
from meetscribe.formats.parts.word_document import read_part
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file

MAX_FILES = 100_000
"""The maximum number of files to search; the search ends there without an error."""

_COMPRESSED = {".docx", ".parquet"}


def files_with_name(name: str, folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the files in folders and their subfolders that contain a name, ignoring case.

    Only files with the suffix of a format that meetscribe writes are searched; unreadable files are skipped.
    """
    suffixes = {suffix for row in FORMATS.values() for suffix in row.suffixes} | {".ics", ".html"}
    # The name as plain text, in HTML, in XML and in JSON.
    spellings = {name, html.escape(name), html.escape(name, quote=False), json.dumps(name)[1:-1]}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spellings))})(?!\w)", re.IGNORECASE)
    seen: set[Path] = set()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix.lower() in suffixes and file.is_file() and file.resolve() not in seen:
                seen.add(file.resolve())
                if len(seen) > MAX_FILES:
                    return
                if any(pattern.search(text) for text in _texts(file)):
                    yield file


def _texts(file: Path) -> Iterator[str]:
    """Yield the text of a file, or the speaker names of a Parquet file; nothing if it cannot be read."""
    try:
        if file.suffix.lower() not in _COMPRESSED:
            yield read_file(file, TRANSCRIPT_BYTES).decode("utf-8", "replace")
        elif file.suffix.lower() == ".docx":
            yield read_part(file.read_bytes(), file.name).decode("utf-8", "replace")
        else:
            transcript = load(file)
            yield from (transcript.name_of(label) for label in transcript.speakers)
    except (OSError, MeetscribeError):
        return
