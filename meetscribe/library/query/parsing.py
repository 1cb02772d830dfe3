"""The query syntax: words, phrases, and fields such as speaker:Anna."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from meetscribe.errors import SettingsError

_PIECE = re.compile(r'(?P<minus>-(?=[^\s-]))?(?:(?P<field>[a-z]+):(?=\S))?(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<plain>\S+))')
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    A passage must contain all `words` and `phrases` and none of `excluded`; the parts of each entry of `near` must
    occur within ten words of each other. Of `speakers`, `meetings` and `languages`, it must match at least one entry
    each; an empty field matches everything. `after` (inclusive) and `before` (exclusive) are ISO 8601 dates.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    meetings: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None


def parse_query(text: str) -> Query:
    """Parse a query; any text is valid, except an invalid date and a minus before a field, which raise SettingsError.

    A "-" excludes a word or a phrase.

    >>> parse_query('budget "next year" speaker:Anna -travel after:2026-09')
    ... # doctest: +NORMALIZE_WHITESPACE
    Query(words=('budget',), phrases=('next year',), near=(), excluded=('travel',), speakers=('Anna',), meetings=(),
          languages=(), after='2026-09-01', before=None)
    """
    lists: dict[str, list[str]] = {name: [] for name in ("words", "phrases", "excluded", *_LISTS.values())}
    days: dict[str, str | None] = {"after": None, "before": None}
    for match in _PIECE.finditer(text):
        field, value = match["field"], match["quoted"] if match["plain"] is None else match["plain"].strip('"')
        if not value:
            continue
        if match["minus"] and (field in days or field in _LISTS):
            raise SettingsError(f"{match[0]!r} cannot be excluded", "Only words and phrases can be: -travel.")
        if field in days:
            days[field] = parse_day(value)
        elif field in _LISTS:
            lists[_LISTS[field]].append(value)
        else:
            whole = f"{field}:{value}" if field else value  # an unknown field is part of the text
            name = "excluded" if match["minus"] else "words" if match["quoted"] is None else "phrases"
            lists[name].append(whole)
    values: dict[str, Any] = {name: tuple(found) for name, found in lists.items()} | days
    return Query(**values)


def parse_day(text: str) -> str:
    """Return the first day of a year, month or day such as 2026, 2026-11 or 2026-11-27; raises SettingsError.

    >>> parse_day("2026-11")
    '2026-11-01'
    """
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part or 1) for part in match.groups())
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise SettingsError(f"{text!r} is not a date", "Write it as 2026-11-27, 2026-11 or 2026.") from error


_LISTS: Mapping[str, str] = {"speaker": "speakers", "meeting": "meetings", "lang": "languages", "near": "near"}
