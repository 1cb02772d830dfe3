"""A transcript turned into bytes and back by a row of the table; no file is touched."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import PurePath
from typing import Any

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.formats.parts.document import Document
from meetscribe.formats.table import FORMATS, Format
from meetscribe.transcript import Transcript


def find_format(name: str) -> Format:
    """The format of that name; raises SettingsError naming the nearest known one."""
    found = FORMATS.get(name.strip().lower())
    if found is None:
        raise SettingsError(f"unknown format {name!r}", nearest(name, FORMATS))
    return found


def format_by_suffix(path: str | PurePath) -> Format | None:
    """The format that the file's suffix names, or None; of two suffixes that fit, the longer counts.

    >>> format_by_suffix("talk.whisperx.JSON").name, format_by_suffix("talk.mp4")
    ('whisperx', None)
    """
    name = PurePath(path).name.lower()
    pairs = ((suffix, format) for format in FORMATS.values() for suffix in format.suffixes)
    fitting = [(suffix, format) for suffix, format in pairs if name.endswith(suffix.lower())]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else None


def parse_names(names: str) -> tuple[str, ...]:
    """The formats to write in a list with commas, each once.

    Raises SettingsError naming the nearest known one, or why one cannot be written: it is told before any work.

    >>> parse_names("json, VTT,json")
    ('json', 'vtt')
    """
    found = tuple(dict.fromkeys(_writable(name).name for name in names.split(",") if name.strip()))
    if not found:
        raise SettingsError("no format is named", nearest("", FORMATS))
    return found


def write(transcript: Transcript, format: str, **options: Any) -> bytes:
    """The transcript in that format, text as UTF-8; `options` are the format's, see `options.options_of`.

    What is written is the transcript as its edits leave it, but where a format keeps them apart.

    Raises SettingsError if the format is not known or only read, or lacks its extra, and for an option's value
    that cannot be.
    """
    row = _writable(format)
    written: str | bytes = row.module.write(transcript if row.keeps_edits else transcript.edited(), **options)
    return written if isinstance(written, bytes) else written.encode("utf-8", "replace")


def read(data: bytes, name: str, format: str | None = None) -> Transcript:
    """The transcript in a file's bytes, in `format`, else in the one that the content shows.

    `name` is the file's, "-" for a pipe; its suffix decides only where the content does not. Raises InputError
    naming what is wrong, or the formats that it may be; SettingsError if `format` is not known or not read.
    """
    document = Document(data, name)
    row = find_format(format) if format else detect_format(document)
    if row.package is not None:
        _writable(row.name)
    if not row.reads:
        raise SettingsError(f"{row.name} is only written, not read", f"read are: {_names(reads=True)}")
    transcript: Transcript = row.module.read(document)
    return transcript


def detect_format(document: Document) -> Format:
    """The format of a file, by its content, then by its suffix; InputError names the candidates.

    >>> detect_format(Document(b"WEBVTT\\n", "talk.txt")).name
    'vtt'
    """
    claiming = [format for format in FORMATS.values() if format.reads and format.module.matches(document)]
    if len(claiming) == 1:
        return claiming[0]
    named = format_by_suffix(document.name)
    if named is not None and (named in claiming or (not claiming and named.reads)):
        return named
    if claiming:
        names = ", ".join(format.name for format in claiming)
        raise InputError(f"{document.name}: may be any of {names}", f"Say which one it is: --from {claiming[0].name}.")
    if named is not None:
        raise InputError(
            f"{document.name}: no transcript can be read from {named.name}, which loses {named.loses}",
            "Give the .json that was written with it.",
        )
    raise InputError(f"{document.name}: {_looks(document)}", f"read are: {_names(reads=True)}")


def _looks(document: Document) -> str:
    """What a file of no known format looks like."""
    if not document.data.strip():
        return "the file is empty"
    if "\0" in document.head or "\ufffd" in document.head:
        return "no text, and no format that is known; a recording is transcribed by meetscribe run"
    if document.json is None:
        return "no format that is known"
    held = ", ".join(sorted(document.member_names())[:8])
    return f"JSON in no format that is known{f', with the members {held}' if held else ''}"


def _writable(name: str) -> Format:
    """The format of that name, if it can be written here; raises SettingsError saying why it cannot."""
    row = find_format(name)
    if not row.writes:
        raise SettingsError(f"{row.name} is only read, not written", f"written are: {_names(writes=True)}")
    if row.package is not None and find_spec(row.package) is None:
        raise SettingsError(f"{row.name} needs {row.package}", f"Install it: pip install {row.distribution}")
    return row


def _names(writes: bool = False, reads: bool = False) -> str:
    """The formats that are written, or read, in a list with commas."""
    return ", ".join(row.name for row in FORMATS.values() if (row.writes or not writes) and (row.reads or not reads))
