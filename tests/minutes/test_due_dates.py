"""Due dates: the wording and the day, in English and German, counted from a Wednesday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.minutes.due_dates import _easter, due_day, find_due
from meetscribe.minutes.lexicon import Lexicon, lexicon

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


@pytest.mark.parametrize(
    "said", ["soon", "the budget is fine", "when he's back", "by the next release", "on second thoughts"]
)
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


TIMES = {
    "en": ("at nine", "at 10", "at 10:30", "at half past nine", "by noon", "at three p.m", "10 o'clock",
           "in the morning", "at ten in the morning", "after lunch", "from three to five", "at eight thirty"),
    "de": ("um zehn", "um 9 uhr", "um 10:30 uhr", "um halb zehn", "bis 10 uhr", "10 uhr", "in der früh", "am morgen",
           "um zehn uhr dreißig", "gegen acht", "nach der sitzung", "nachmittags um drei"),
}  # fmt: skip
"""Times of day, as said."""

DAYS = {
    "en": ("on {}", "next {}", "by {}", "{}", "{} next week", "on {} morning"),
    "de": ("am {}", "nächsten {}", "bis {}", "{}", "nächste woche {}", "{} vormittag"),
}
"""Wordings with a weekday."""


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6), st.data())
def test_a_time_of_day_never_replaces_the_day(today: date, weekday: int, data: st.DataObject) -> None:
    """Joined to a day, before or after it, or elsewhere in the sentence, a time leaves the day as it is without it."""
    language = data.draw(st.sampled_from(("en", "de")))
    known = lexicon(language)
    assert known
    names = {number: name for name, number in known.data["calendar"]["weekdays"].items()}
    day = data.draw(st.sampled_from(DAYS[language])).format(names[weekday])
    time = data.draw(st.sampled_from(TIMES[language]))
    apart = {"en": "we meet", "de": "treffen wir uns"}[language]
    expected = due_day(day, known, today)
    assert expected
    joined = find_due(f"{day} {time}", known, today)
    assert [(one.said, one.day) for one in joined] == [(f"{day} {time}", expected)]
    for said in (f"{day} {apart} {time}", f"{time} {apart} {day}", f"{time} {day}"):
        assert {one.day for one in find_due(said, known, today)} == {expected}, said


@pytest.mark.parametrize(
    ("language", "said", "wording", "day"),
    [
        ("en", "call the bank next wednesday at nine", "next wednesday at nine", "2026-12-02"),
        ("en", "on tuesday at 10", "on tuesday at 10", "2026-12-01"),
        ("en", "let's meet again next tuesday at ten", "next tuesday at ten", "2026-12-01"),
        ("en", "we meet again on thursday at three", "on thursday at three", "2026-11-26"),
        ("en", "tomorrow at ten thirty with ben", "tomorrow at ten thirty", "2026-11-26"),
        ("en", "i'll ring them at nine", "at nine", "2026-11-25"),
        ("en", "first thing in the morning", "first thing in the morning", "2026-11-26"),
        ("de", "am dienstag um zehn", "am dienstag um zehn", "2026-12-01"),
        ("de", "ruf nächsten mittwoch um 9 uhr an", "nächsten mittwoch um 9 uhr", "2026-12-02"),
        ("de", "ich rufe um neun an", "um neun", "2026-11-25"),
    ],
)  # fmt: skip
def test_weekdays_with_times(language: str, said: str, wording: str, day: str) -> None:
    """The wording has both; a time alone is that of the day of the meeting, or of the next morning."""
    known = lexicon(language)
    assert known and [(one.said, str(one.day)) for one in find_due(said, known, WEDNESDAY)] == [(wording, day)]


def test_a_time_for_the_words_of_an_amount_is_no_due_date() -> None:
    known = lexicon("en")
    assert known and find_due("we had from three people to four at two sites", known, WEDNESDAY) == ()


def english_or_german(language: str) -> Lexicon:
    known = lexicon(language)
    assert known is not None
    return known


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("i'll send it by easter", "en", date(2027, 3, 28)),
        ("it goes out before christmas eve", "en", date(2026, 12, 24)),
        ("bis pfingsten ist es fertig", "de", date(2027, 5, 16)),
        ("an silvester häng ich es auf", "de", date(2026, 12, 31)),
        ("the twentieth is better", "en", date(2026, 12, 20)),
        ("the third option is better", "en", None),
        ("der achte passt", "de", date(2026, 12, 8)),
    ],
)
def test_holidays_and_bare_ordinals(text: str, language: str, day: date | None) -> None:
    """A holiday is its next day; an ordinal alone is a day of the month if nothing is counted by it."""
    assert due_day(text, english_or_german(language), date(2026, 11, 27)) == day


@given(st.integers(1900, 2199))
def test_easter_is_that_of_another_library(year: int) -> None:
    """Easter Sunday as dateutil computes it."""
    easter = pytest.importorskip("dateutil.easter", reason="dateutil is not installed")
    assert _easter(year) == easter.easter(year)


def test_a_time_counts_alone_only_if_asked() -> None:
    """ "Around nine" is a due date where nothing else is, and then on the day of the meeting."""
    text, english, today = "i'll do it around nine", english_or_german("en"), date(2026, 11, 27)
    assert find_due(text, english, today) == ()
    assert [one.day for one in find_due(text, english, today, times=True)] == [today]


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2027, 11, 24), date(2028, 2, 29)),
        (date(2028, 3, 1), date(2032, 2, 29)),
        (date(2096, 3, 1), date(2104, 2, 29)),
    ],
)
def test_a_leap_day_is_the_next_one(today: date, day: date) -> None:
    """It may be up to eight years later; no year has a 30 February."""
    known = lexicon("en")
    assert known and due_day("by the 29th of february", known, today) == day
    assert due_day("by the 30th of february", known, today) is None
