"""Due dates: find their wording in a sentence, and compute the day relative to the day of the meeting."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from meetscribe.minutes.lexicon import DueRule, Lexicon

_FRIDAY, _SUNDAY = 4, 6
ANY_DAY = date(2026, 7, 29)
"""The day from which the rules count if that of the meeting is unknown. A Wednesday, and a day seldom said."""

_LEAP_YEARS = 8  # the most years from one leap year to the next

_TIME_ONLY = "time"
"""The rule of times of day that are a due date beside a day, and alone only with `times`, as in "around nine"."""

_TIMES = frozenset({_TIME_ONLY, "time of this day", "time of the next day"})
"""The rules of times of day."""


@dataclass(frozen=True, slots=True)
class DueMatch:
    """A wording of a due date: its span in the normalised text, its text, its rule, and its day (None if unknown)."""

    start: int
    end: int
    said: str
    rule: str
    day: date | None

    @property
    def is_time(self) -> bool:
        """Whether it is a time of day, such as "at nine", which names no day."""
        return self.rule in _TIMES

    @property
    def is_period(self) -> bool:
        """Whether it is a month, quarter or year after "this" or "in", such as "this year" or "in August"."""
        return self.rule.startswith("last of") and self.said.split()[0] in ("this", "in", "im", "dieses", "diesen")

    @property
    def names_day(self) -> bool:
        """Whether its wording names a day, which can be computed from the day of the meeting."""
        return not self.is_time and self.rule != "unknown"


def find_due(norm: str, lexicon: Lexicon, today: date | None, *, times: bool = False) -> tuple[DueMatch, ...]:
    """Return the wordings of due dates in normalised text, in order; of those that overlap, the earlier rule's.

    Weekdays are the first after `today`; a week ends on Friday, a month on its last day. Without `today`, days are
    None. A time of day next to a day is joined to it; elsewhere it counts only if no wording names a day, and one of
    the rule "time", such as "around nine", only with `times`.

    >>> from meetscribe.minutes.lexicon import lexicon
    >>> [(due.said, due.day) for due in find_due("i'll send it by friday", lexicon("en"), date(2026, 11, 25))]
    [('by friday', datetime.date(2026, 11, 27))]
    """
    matches: list[DueMatch] = []
    for rule in lexicon.due:
        for match in rule.pattern.finditer(norm):
            if match.group() and all(match.end() <= one.start or one.end <= match.start() for one in matches):
                day = _day(rule, match.group(), lexicon, today) if today else None
                matches.append(DueMatch(match.start(), match.end(), match.group(), rule.day, day))
    found = _joined(sorted(matches, key=lambda one: one.start), norm)
    if any(one.names_day for one in found):
        return tuple(one for one in found if not one.is_time)
    return tuple(one for one in found if times or one.rule != _TIME_ONLY)


def due_day(said: str, lexicon: Lexicon, today: date | None) -> date | None:
    """Return the day of a wording, also that of a time of day; None if it has none."""
    return next((due.day for due in find_due(said, lexicon, today, times=True) if due.day), None)


def _joined(matches: Iterable[DueMatch], norm: str) -> list[DueMatch]:
    """Return the matches, in order, with each time of day joined to the day or the time beside it."""
    found: list[DueMatch] = []
    for one in matches:
        before = found[-1] if found else None
        if before and norm[before.end : one.start] == " " and _is_one_wording(before, one):
            found[-1] = _both(before, one, norm)
        else:
            found.append(one)
    return found


def _is_one_wording(first: DueMatch, second: DueMatch) -> bool:
    """Return whether neighbours are a time with a day, or two parts of a time."""
    if first.is_time and second.is_time:
        return True
    return (first.is_time and second.names_day) or (first.names_day and second.is_time)


def _both(first: DueMatch, second: DueMatch, norm: str) -> DueMatch:
    """Return two adjacent wordings as one, with the day of the one that names it.

    Of two times of day, the day is that of the second, unless its rule is "time".
    """
    leading = first if first.names_day or second.rule == _TIME_ONLY else second
    return replace(leading, start=first.start, end=second.end, said=norm[first.start : second.end])


def _day(rule: DueRule, text: str, lexicon: Lexicon, today: date) -> date | None:
    """Return the day of a match, None for an impossible date."""
    name, _, rest = rule.day.partition(" ")
    try:
        if rest.isdigit():
            return today + timedelta(int(rest))
        return _RULES[rule.day](_Parts(text, lexicon), today)
    except (ValueError, OverflowError, KeyError, StopIteration):
        return None


class _Parts:
    """The numbers and names in the wording of a due date."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.tokens = text.split()
        self.lexicon = lexicon

    def named(self, kind: str) -> int:
        """Return the number of the weekday or month in the text; raises StopIteration without one."""
        names: Mapping[str, int] = self.lexicon.data["calendar"][kind]
        exact = [names[token] for token in self.tokens if token in names]
        inflected = (names[name] for token in self.tokens for name in names if token.startswith(name))
        return exact[0] if exact else next(inflected)

    def named_in(self, kind: str) -> int:
        """Return the number of the month or weekday within a token, such as "mid-june"; raises StopIteration."""
        names: Mapping[str, int] = self.lexicon.data["calendar"][kind]
        return next(
            names[name] for token in self.tokens for name in names if name in token.split("-") or token == f"{name}s"
        )

    def weekday(self) -> int:
        """Return the weekday, 0 for Monday."""
        return self.named("weekdays")

    def number(self) -> int:
        """Return the number in the text, 2 for a fortnight, 1 without one."""
        values = (self.lexicon.number(token) for token in self.tokens)
        numbers = [value for value in values if value is not None]
        if any("fortnight" in token for token in self.tokens):
            return 2
        return sum(numbers) if numbers else 1

    def holiday(self) -> str:
        """Return the holiday in the text as "MM-DD", or as the number of days after Easter Sunday."""
        days: Mapping[str, str] = self.lexicon.data["calendar"]["holidays"]
        text = " ".join(self.tokens)
        return next(days[name] for name in sorted(days, key=len, reverse=True) if name in text)

    def ordinal(self) -> int:
        """Return the day of the month."""
        for token in self.tokens:
            if token in self.lexicon.ordinals:
                return self.lexicon.ordinals[token]
            if match := re.fullmatch(self.lexicon.data["numbers"]["ordinal_digits"], token):
                return int(match[1])
        return next(int(token) for token in self.tokens if token.isdigit())


def _next_weekday(today: date, weekday: int) -> date:
    """Return the first day after today with this weekday."""
    return today + timedelta((weekday - today.weekday() - 1) % 7 + 1)


def _in_week(today: date, weekday: int, weeks: int) -> date:
    """Return a day of the week that is `weeks` after the current one."""
    return today + timedelta(7 * weeks + weekday - today.weekday())


def _last(year: int, month: int) -> date:
    """Return the last day of a month; months beyond 12 are those of later years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _month_date(parts: _Parts, today: date) -> date:
    """Return the next date with the day and, if it names one, the month in the text."""
    try:
        month: int | None = parts.named("months")
    except StopIteration:
        month = None
    if month is not None:
        return _in_year(month, parts.ordinal(), today)
    return _day_of_month(parts, today)


def _in_year(month: int, day: int, today: date) -> date:
    """Return the next day of the year with this month and day; raises ValueError if no year has it."""
    for year in range(today.year, today.year + _LEAP_YEARS + 1):
        if day <= calendar.monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    raise ValueError(f"month {month} has no day {day}")


def _day_of_month(parts: _Parts, today: date) -> date:
    """Return the next day with this number."""
    day = parts.ordinal()
    for ahead in range(13):
        year, month = today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1
        if day <= calendar.monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    raise ValueError(f"no month has a day {day}")


def _last_of_month(parts: _Parts, today: date) -> date:
    month = parts.named("months")
    return _last(today.year + (month < today.month), month)


def _first_friday_of_month(parts: _Parts, today: date) -> date:
    month = parts.named("months")
    return _next_weekday(date(today.year + (month < today.month), month, 1) - timedelta(1), _FRIDAY)


def _middle_of_month(parts: _Parts, today: date) -> date:
    month = parts.named_in("months")
    return date(today.year + (month < today.month), month, 15)


def _middle_of_this_month(parts: _Parts, today: date) -> date:
    last = _last(today.year, today.month + (today.day > 15))
    return last.replace(day=15)


def _in_months(parts: _Parts, today: date) -> date:
    last = _last(today.year, today.month + parts.number())
    return last.replace(day=min(today.day, last.day))


def _holiday(parts: _Parts, today: date) -> date:
    """Return the next day of a holiday."""
    day = parts.holiday()
    for year in (today.year, today.year + 1):
        found = date.fromisoformat(f"{year}-{day}") if len(day) == 5 else _easter(year) + timedelta(int(day))
        if found >= today:
            break
    return found


def _easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus 1991, chapter 8).

    >>> _easter(2026), _easter(2027)
    (datetime.date(2026, 4, 5), datetime.date(2027, 3, 28))
    """
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = moon + weekday - 7 * ((year % 19 + 11 * moon + 22 * weekday) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)


def _friday_of_date(parts: _Parts, today: date) -> date:
    return _in_week(_month_date(parts, today), _FRIDAY, 0)


_RULES: Mapping[str, Callable[[_Parts, date], date | None]] = {
    "weekday": lambda parts, today: _next_weekday(today, parts.weekday()),
    "weekday of next week": lambda parts, today: _in_week(today, parts.weekday(), 1),
    "weekday a week later": lambda parts, today: _next_weekday(today, parts.weekday()) + timedelta(7),
    "friday of this week": lambda parts, today: _in_week(today, _FRIDAY, 0),
    "friday of next week": lambda parts, today: _in_week(today, _FRIDAY, 1),
    "friday of the week of a date": _friday_of_date,
    "last of this month": lambda parts, today: _last(today.year, today.month),
    "last of next month": lambda parts, today: _last(today.year, today.month + 1),
    "last of this quarter": lambda parts, today: _last(today.year, (today.month + 2) // 3 * 3),
    "last of this year": lambda parts, today: date(today.year, 12, 31),
    "last of a month": _last_of_month,
    "first friday of a month": _first_friday_of_month,
    "date": _month_date,
    "holiday": _holiday,
    "day of the month": _day_of_month,
    "middle of a month": _middle_of_month,
    "middle of this month": _middle_of_this_month,
    "weekend": lambda parts, today: (
        _next_weekday(today, _SUNDAY) if today.weekday() == _SUNDAY else _in_week(today, _SUNDAY, 0)
    ),
    "weeks": lambda parts, today: today + timedelta(7 * parts.number()),
    "days": lambda parts, today: today + timedelta(parts.number()),
    "months": _in_months,
    "time of this day": lambda parts, today: today,
    "time of the next day": lambda parts, today: today + timedelta(1),
    _TIME_ONLY: lambda parts, today: today,
    "unknown": lambda parts, today: None,
}
"""The rules that data files name, except "days N": N days from today."""
