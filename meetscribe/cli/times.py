"""Parse the times and spans given on the command line."""

from __future__ import annotations

import re

import click

from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.selection import passage_start

_TIME = r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)"
_ONE = re.compile(_TIME)
_SPAN = re.compile(rf"{_TIME}\s*[-–]\s*{_TIME}")


def parse_span(text: str) -> tuple[Seconds, Seconds]:
    """Return the start and the end in START-END, such as 12:03-12:10; raises UsageError."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise click.UsageError(f"{text!r} is not START-END. Write it as 12:03-12:10.")
    return _seconds(*match.groups()[:3]), _seconds(*match.groups()[3:])


def parse_passage(text: str, transcript: Transcript) -> tuple[Seconds, Seconds]:
    """Return the start and the end in START-END; raises UsageError.

    If START is the displayed start of a segment or word, the passage begins with it, see `passage_start`.
    """
    start, end = parse_span(text)
    precision = parse_time(re.split("[-–]", text)[0])[1]
    return passage_start(transcript, start, precision), end


def parse_time(text: str) -> tuple[Seconds, Seconds]:
    """Return a time such as 12:05 in seconds, and its precision in seconds: 1, or the unit of the last decimal.

    Raises UsageError.
    """
    match = _ONE.fullmatch(text.strip())
    if match is None:
        raise click.UsageError(f"{text!r} is not a time. Write it as 12:05, 1:02:03.5 or, in seconds, 725.")
    decimals = match.group(3).partition(".")[2]
    return _seconds(*match.groups()), 10.0 ** -len(decimals)


def _seconds(hours: str | None, minutes: str | None, seconds: str) -> Seconds:
    """Return the parts of a time in seconds."""
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)
