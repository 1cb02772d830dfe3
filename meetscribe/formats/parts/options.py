"""The options of a format: the keyword parameters of its writer, and their values parsed from text."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias, get_args, get_type_hints

from meetscribe.errors import SettingsError, nearest
from meetscribe.formats.protocol import Format
from meetscribe.formats.table import FORMATS
from meetscribe.transcript import Meta, Transcript

Option: TypeAlias = bool | int | float | str

FormatOptions: TypeAlias = Mapping[str, Mapping[str, Option]]
"""The options of formats, by format and name."""

_FLAGS = {"true": True, "yes": True, "1": True, "on": True, "false": False, "no": False, "0": False, "off": False}


def options_of(format: Format) -> dict[str, Option]:
    """Return the options of a format with their defaults.

    >>> options_of(FORMATS["tsv"])
    {'level': 'segment'}
    """
    if not format.writes:
        return {}
    parameters = inspect.signature(format.module.write).parameters.values()
    return {one.name: one.default for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY}


def choices_of(format: Format) -> dict[str, tuple[str, ...]]:
    """Return the allowed values of each option that has a fixed set.

    >>> choices_of(FORMATS["tsv"])
    {'level': ('segment', 'word')}
    """
    hints = get_type_hints(format.module.write) if format.writes else {}
    return {name: get_args(hints[name]) for name in options_of(format) if get_args(hints[name])}


def describe(format: Format) -> list[str]:
    """Return the paragraphs of the writer's docstring, without the errors it raises."""
    paragraphs = (inspect.getdoc(format.module.write) or "").split("\n\n")
    described = (re.sub(r" ?Raises [^.]*\.", "", " ".join(paragraph.split())) for paragraph in paragraphs)
    return [paragraph for paragraph in described if paragraph]


def parse_options(assignments: Iterable[str]) -> dict[str, dict[str, Option]]:
    """Parse FORMAT.OPTION=VALUE into options by format.

    Raises SettingsError for an unknown format or option, naming the nearest, and for a value of the wrong type.

    >>> parse_options(["srt.preset=bbc", "srt.dialogue=yes"])
    {'srt': {'preset': 'bbc', 'dialogue': True}}
    """
    found: dict[str, dict[str, Option]] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        format, _, option = name.strip().partition(".")
        if not equals or not option:
            raise SettingsError(
                f"--set {assignment} is not an option", "Write it as format.option=value, such as srt.preset=bbc."
            )
        if format not in FORMATS:
            raise SettingsError(f"unknown format {format!r} in --set {assignment}", nearest(format, FORMATS))
        found.setdefault(format, {})[option] = convert_option(format, option, value.strip())
    return found


def convert_option(format: str, option: str, value: object, source: str = "") -> Option:
    """Convert the value of an option to its type; text is parsed.

    Raises SettingsError, with `source` in its message, for an unknown option and a value of the wrong type.
    """
    known = options_of(FORMATS[format])
    if option not in known:
        hint = nearest(option, known) if known else f"{format} has no options"
        raise SettingsError(" ".join(filter(None, [f"{format} has no option {option!r}", source])), hint)
    return _value(known[option], value, " ".join(filter(None, [f"{format}.{option}", source])))


def check_options(options: FormatOptions, formats: Iterable[str]) -> None:
    """Raise SettingsError for invalid option values of the given formats, before a transcript exists."""
    for name in formats:
        if name in options:
            FORMATS[name].module.write(Transcript((), Meta("und", 0.0)), **options[name])


def check_unused_options(options: Mapping[str, object], formats: Iterable[str]) -> None:
    """Raise SettingsError for options of a format that is not written."""
    unused = [name for name in options if name not in set(formats)]
    if unused:
        verb, noun = ("is", "the format") if len(unused) == 1 else ("are", "the formats")
        raise SettingsError(f"options are set for {', '.join(unused)}, which {verb} not written", f"Add {noun} to -f.")


def _value(default: Option, given: object, name: str) -> Option:
    """Convert a value to the type of the option's default; text is parsed."""
    kind = type(default)
    if type(given) is kind or (kind is float and type(given) is int):
        return kind(given)  # type: ignore[arg-type]  # of the option's type, or an integer
    try:
        if isinstance(given, str):
            return _FLAGS[given.lower()] if isinstance(default, bool) else kind(given)
    except (KeyError, ValueError):
        pass
    noun = {bool: "true or false", str: "a text"}.get(kind, "a number")
    raise SettingsError(f"{name} must be {noun}, not {given!r}")
