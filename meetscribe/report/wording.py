"""Wording of findings, times, durations, sizes and dates for pages and documents."""

from __future__ import annotations

from collections.abc import Mapping

from meetscribe.text.dates import parse_date
from meetscribe.timeline import Seconds

HOUR: Seconds = 3600
"""The length of a meeting from which the times of a page show hours."""

FINDINGS: Mapping[str, str] = {
    "suspect": "doubtful words",
    "removed": "words were removed",
    "uncovered": "speech without words",
    "recovered": "found in a second pass",
    "speaker": "doubtful speaker",
}
"""The wording of each kind of finding."""

_MONTHS = "January February March April May June July August September October November December".split()


def short_clock(time: Seconds, hours: bool) -> str:
    """Return a time in whole seconds, with or without hours.

    >>> short_clock(62.9, False), short_clock(62.9, True)
    ('1:02', '0:01:02')
    """
    minutes, seconds = divmod(int(time), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def format_duration(seconds: Seconds) -> str:
    """Return a duration with units.

    >>> format_duration(45), format_duration(150), format_duration(3 * 3600 + 60)
    ('45 s', '2 min 30 s', '3 h 1 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def megabytes(size: int) -> str:
    """Return a number of bytes in MB, or in kB if small.

    >>> megabytes(12_340_000), megabytes(51_400)
    ('12.3 MB', '51 kB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 950_000 else f"{size / 1e3:.0f} kB"


def format_date(stamp: str) -> str:
    """Return an ISO 8601 date, or date and time, in words.

    >>> format_date("2026-11-27T10:05:00+01:00"), format_date("2026-11-27")
    ('27 November 2026, 10:05', '27 November 2026')
    """
    moment = parse_date(stamp)
    date = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{date}, {moment.hour}:{moment.minute:02}" if len(stamp) > len("2026-11-27") else date
