"""Convert transcripts to and from the bytes of a format, and detect formats; no file is read or written."""

from __future__ import annotations

import shlex
from importlib.util import find_spec
from pathlib import PurePath
from typing import Any

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.foreign_json import export_advice, service_of
from meetscribe.formats.protocol import Format
from meetscribe.formats.table import FORMATS
from meetscribe.transcript import Transcript
from meetscribe.transcript.word_ids import with_word_ids


def find_format(name: str) -> Format:
    """Return the format of that name in any case; raises SettingsError naming the nearest known one."""
    wanted = name.strip().lower()
    found = next((format for format in FORMATS.values() if format.name.lower() == wanted), None)
    if found is None:
        raise SettingsError(f"unknown format {name!r}", nearest(name, FORMATS))
    return found


def format_by_suffix(path: str | PurePath) -> Format | None:
    """Return the format of a conventional file name, else that of the longest matching suffix, else None.

    >>> format_by_suffix("talk.whisperx.JSON").name, format_by_suffix("talk.mp4")
    ('whisperx', None)
    >>> format_by_suffix("chapters.json").name
    'chapters'
    """
    name = PurePath(path).name.lower()
    for format in FORMATS.values():
        if name in format.file_names:
            return format
    pairs = ((suffix, format) for format in FORMATS.values() for suffix in format.suffixes)
    matching = [(suffix, format) for suffix, format in pairs if name.endswith(suffix.lower())]
    return max(matching, key=lambda pair: len(pair[0]))[1] if matching else None


def parse_names(names: str) -> tuple[str, ...]:
    """Return the formats to write from a list separated by commas, without duplicates.

    Raises SettingsError, before any work is done, if a format is unknown or cannot be written here.

    >>> parse_names("json, VTT,json")
    ('json', 'vtt')
    """
    found = tuple(dict.fromkeys(_writable(name).name for name in names.split(",") if name.strip()))
    if not found:
        raise SettingsError("no format given", nearest("", FORMATS))
    return found


def write(transcript: Transcript, format: str, **options: Any) -> bytes:
    """Return the transcript in that format, text as UTF-8; `options` are keyword options of the format.

    `parts.options.options_of` lists the options of a format. Formats that do not keep edits hold the edited transcript.
    Raises SettingsError if the format is unknown, only read or lacks a package, or if an option has an invalid value.
    """
    row = _writable(format)
    written: str | bytes = row.module.write(transcript if row.keeps_edits else transcript.edited(), **options)
    return written if isinstance(written, bytes) else written.encode("utf-8", "replace")


def read(data: bytes, name: str, format: str | None = None, encoding: str | None = None) -> Transcript:
    """Read a transcript from the bytes of a file, in `format` or in the format detected.

    `name` is the name of the file, "-" for a pipe; `encoding` is its text encoding, by default detected. Problems that
    do not prevent reading become notices of the transcript. Raises InputError naming the fault or the possible formats,
    and SettingsError if `format` is unknown or only written, or `encoding` is unknown.
    """
    return read_document(Document(data, name, encoding), format)


def read_document(document: Document, format: str | None = None) -> Transcript:
    """Read a transcript from a document; raises the errors of `read`."""
    row = find_format(format) if format else detect_format(document)
    if not row.reads:
        raise SettingsError(f"{row.name} can be written, but not read", f"Formats read: {_names(reads=True)}")
    _require_package(row)
    transcript: Transcript = row.module.read(document)
    transcript = transcript.with_notices(*document.notices) if document.notices else transcript
    return transcript if row.keeps_edits else with_word_ids(transcript)


def detect_format(document: Document) -> Format:
    """Return the format of a file by its content, or by its suffix if several formats or none match the content.

    Raises InputError, naming the candidates if there are several.

    >>> detect_format(Document(b"WEBVTT\\n", "talk.txt")).name
    'vtt'
    """
    matching = [format for format in FORMATS.values() if format.reads and format.module.matches(document)]
    if len(matching) == 1:
        return matching[0]
    named = format_by_suffix(document.name)
    # Many programs write .json: only a file that matches is native JSON.
    foreign = document.json is not None and named is not None and named.name == "json"
    if named is not None and (named in matching or (not matching and named.reads and not foreign)):
        return named
    if matching:
        names = ", ".join(format.name for format in matching)
        raise InputError(f"{document.name}: may be any of {names}", f"Choose one: --from {matching[0].name}.")
    if named is not None and not foreign:
        raise InputError(
            f"{document.name}: {named.name} is only written, and cannot be read as a transcript",
            "Give the transcript that it was made from, such as a .json file.",
        )
    advice = export_advice(document) or f"Formats read: {_names(reads=True)}"
    if document.is_binary:
        advice = f"If it is a recording, transcribe it first: meetscribe run {shlex.quote(document.name)}"
    raise InputError(f"{document.name}: {_description(document)}", advice)


def _description(document: Document) -> str:
    """Describe a file of an unknown format."""
    if not document.data.strip():
        return "the file is empty"
    if document.is_binary:
        return "not a transcript, but a binary file"
    if document.json is None:
        return "text in an unknown format"
    if service := service_of(document):
        return f"JSON of {service}, which is not read"
    members = ", ".join(sorted(document.member_names())[:8])
    return f"JSON in an unknown format{f', with the members {members}' if members else ''}"


def _writable(name: str) -> Format:
    """Return the format of that name; raises SettingsError if it cannot be written here."""
    row = find_format(name)
    if not row.writes:
        raise SettingsError(f"{row.name} can be read, but not written", f"Formats written: {_names(writes=True)}")
    _require_package(row)
    return row


def _require_package(row: Format) -> None:
    """Raise SettingsError if the format needs a package that is not installed."""
    if row.package is not None and find_spec(row.package) is None:
        raise SettingsError(f"{row.name} needs {row.distribution or row.package}", f"Install it: {row.install}")


def _names(writes: bool = False, reads: bool = False) -> str:
    """Return the names of the formats that can be written, or read, separated by commas."""
    return ", ".join(row.name for row in FORMATS.values() if (row.writes or not writes) and (row.reads or not reads))
