"""Due dates: the wording and the day, in English and German, counted from a Wednesday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.minutes.due_dates import due_day, find_due
from meetscribe.minutes.lexicon import lexicon

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        ("en", "by friday", "2026-11-27"), ("en", "on wednesday", "2026-12-02"),
        ("en", "tomorrow morning", "2026-11-26"),
        ("en", "monday next week", "2026-11-30"), ("en", "a week from monday", "2026-12-07"),
        ("en", "before the weekend", "2026-11-27"), ("en", "by the end of next week", "2026-12-04"),
        ("en", "in two weeks", "2026-12-09"), ("en", "by the end of the month", "2026-11-30"),
        ("en", "by the ninth of july", "2027-07-09"), ("en", "by the 15th", "2026-12-15"),
        ("en", "the week of the twelfth", "2026-12-11"), ("en", "in february", "2027-02-28"),
        ("en", "tonight", "2026-11-25"),
        ("en", "in a month", "2026-12-25"), ("de", "bis freitag", "2026-11-27"), ("de", "übermorgen", "2026-11-27"),
        ("de", "nächste woche dienstag", "2026-12-01"), ("de", "in vierzehn tagen", "2026-12-09"),
        ("de", "bis zum neunzehnten", "2026-12-19"), ("de", "bis ende märz", "2027-03-31"),
        ("de", "heute abend", "2026-11-25"),
        ("de", "am 19 juni", "2027-06-19"),
    ],
)  # fmt: skip
def test_days(language: str, said: str, day: str) -> None:
    """Each wording means one day."""
    known = lexicon(language)
    assert known and str(due_day(said, known, WEDNESDAY)) == day


@pytest.mark.parametrize("said", ["soon", "the budget is fine", "when he's back", "by the next release"])
def test_words_without_a_day(said: str) -> None:
    """What no calendar has is no day."""
    known = lexicon("en")
    assert known and due_day(said, known, WEDNESDAY) is None


def test_without_the_day_of_the_meeting_there_is_the_wording_only() -> None:
    known = lexicon("en")
    assert known and [(one.said, one.day) for one in find_due("by friday", known, None)] == [("by friday", None)]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_its_first_occurrence_after_the_meeting(today: date, weekday: int) -> None:
    """The slow obvious way: count the days until it is that weekday."""
    known = lexicon("en")
    assert known
    names = {number: name for name, number in known.data["calendar"]["weekdays"].items()}
    expected = today + timedelta(1)
    while expected.weekday() != weekday:
        expected += timedelta(1)
    assert due_day(f"by {names[weekday]}", known, today) == expected
