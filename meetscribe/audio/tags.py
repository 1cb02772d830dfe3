"""The title and date of a recording in the metadata of its container, by FFmpeg's tag names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone

from meetscribe.text.dates import parse_date
from meetscribe.text.whitespace import one_line

_DATE_TAGS = ("creation_time", "date", "date_recorded")
_MAX_TITLE = 500  # characters
_UNSET = datetime(1970, 1, 2, tzinfo=timezone.utc)  # unset clocks show the epoch of the container, 1904 or 1970
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{3}(?:\d{3})?)?)?(?:Z|[+-]\d{2}:\d{2})?)?")


def read_tags(*tags: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return title and date, each from the first mapping with a usable value, None if unknown.

    The date is an ISO 8601 date, or date and time; a year alone, another notation and an unset clock are ignored.

    >>> read_tags({"TITLE": "Weekly"}, {"creation_time": "2026-11-27T10:00:00.000000Z"})
    ('Weekly', '2026-11-27T10:00:00.000000Z')
    """
    lowered = [{name.lower(): value for name, value in each.items()} for each in tags]
    titles = (one_line(each.get("title", ""))[:_MAX_TITLE] for each in lowered)
    dates = (_date(each.get(name, "")) for each in lowered for name in _DATE_TAGS)
    return next(filter(None, titles), None), next(filter(None, dates), None)


def _date(text: str) -> str | None:
    """Return an ISO 8601 date unchanged, None for any other text."""
    text = text.strip()
    if not _DATE.fullmatch(text):
        return None
    try:
        moment = parse_date(text)
    except ValueError:
        return None
    comparable = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return text if comparable >= _UNSET else None
