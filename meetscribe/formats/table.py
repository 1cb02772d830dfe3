"""The table of formats, and a transcript turned into bytes and back by a row of it; no file is touched."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import Any

from meetscribe.errors import InputError, SettingsError, nearest
from meetscribe.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a transcript down; `writer` and `reader` are "module:function", imported when used."""

    name: str
    suffixes: tuple[str, ...]
    writer: str
    reader: str | None
    carries: str
    loses: str


FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        Format(
            name="json",
            suffixes=(".json",),
            writer="meetscribe.formats.json:write",
            reader="meetscribe.formats.json:read",
            carries="everything: words, times, scores, speakers, turns, names, warnings, settings",
            loses="nothing",
        ),
        Format(
            name="txt",
            suffixes=(".txt",),
            writer="meetscribe.formats.txt:write",
            reader=None,
            carries="a line per segment with its start, speaker and text",
            loses="ends, words, scores, overlapping turns",
        ),
        Format(
            name="srt",
            suffixes=(".srt",),
            writer="meetscribe.formats.srt:write",
            reader=None,
            carries="subtitles of at most 2 lines, the speaker named where it changes",
            loses="segments, words, scores, overlapping turns",
        ),
        Format(
            name="vtt",
            suffixes=(".vtt",),
            writer="meetscribe.formats.vtt:write",
            reader=None,
            carries="subtitles of at most 2 lines, each with its speaker as a voice, and the language",
            loses="segments, words, scores, overlapping turns",
        ),
        Format(
            name="csv",
            suffixes=(".csv",),
            writer="meetscribe.formats.csv:write",
            reader=None,
            carries="a row per segment with start, end, speaker and text, safe to open in a spreadsheet",
            loses="words, scores, overlapping turns",
        ),
        Format(
            name="rttm",
            suffixes=(".rttm",),
            writer="meetscribe.formats.rttm:write",
            reader=None,
            carries="who speaks when, overlaps included; its turns are read by `rttm.read_rttm`",
            loses="text, words, scores, spaces in names",
        ),
    )
}


def find_format(name: str) -> Format:
    """The format of that name; raises SettingsError naming the nearest known one."""
    found = FORMATS.get(name.strip().lower())
    if found is None:
        raise SettingsError(f"unknown format {name!r}", nearest(name, FORMATS))
    return found


def format_of(path: str | PurePath) -> Format | None:
    """The format that the file's suffix names, or None."""
    suffix = PurePath(path).suffix.lower()
    return next((format for format in FORMATS.values() if suffix in format.suffixes), None)


def parse_names(names: str) -> tuple[str, ...]:
    """The formats in a list with commas, each once; raises SettingsError naming the nearest known one.

    >>> parse_names("json, VTT,json")
    ('json', 'vtt')
    """
    found = tuple(dict.fromkeys(find_format(name).name for name in names.split(",") if name.strip()))
    if not found:
        raise SettingsError("no format is named", nearest("", FORMATS))
    return found


def write(transcript: Transcript, format: str) -> bytes:
    """The transcript in that format, as UTF-8; raises SettingsError if the format is not known."""
    written: str = _function(find_format(format).writer)(transcript)
    return written.encode("utf-8", "replace")


def read(data: bytes, name: str) -> Transcript:
    """The transcript in a file's bytes, in the format that the suffix of `name` says, else native JSON.

    Raises InputError naming what is wrong, or that the format does not hold a whole transcript.
    """
    format = format_of(name) or FORMATS["json"]
    if format.reader is None:
        raise InputError(
            f"{name}: no transcript can be read from {format.name}, which loses {format.loses}",
            "Give the .json that was written with it.",
        )
    transcript: Transcript = _function(format.reader)(data, name)
    return transcript


def _function(place: str) -> Any:
    """The function at "module:function"."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
