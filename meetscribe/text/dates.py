"""Dates as text, in ISO 8601."""

from __future__ import annotations

from datetime import datetime


def parse_date(text: str) -> datetime:
    """Parse an ISO 8601 date, or date and time with or without an offset; raises ValueError for other text.

    >>> parse_date("2026-11-27"), parse_date("2026-11-27T10:00:00.000000Z").tzinfo
    (datetime.datetime(2026, 11, 27, 0, 0), datetime.timezone.utc)
    """
    zoned = f"{text[:-1]}+00:00" if text.endswith("Z") else text  # fromisoformat reads Z from Python 3.11 on
    try:
        return datetime.fromisoformat(zoned)
    except ValueError as error:
        raise ValueError(f"a date must be written as 2026-11-27 or 2026-11-27T10:00:00+01:00, not {text!r}") from error
