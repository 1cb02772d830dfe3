"""Queries as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.library.query import Query, parse_query
from meetscribe.library.query.parsing import parse_day


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("annual budget", Query(words=("annual", "budget"))),
        ('"annual budget" plan', Query(words=("plan",), phrases=("annual budget",))),
        ('"annual bud', Query(phrases=("annual bud",))),
        ("speaker:Anna speaker:Ben", Query(speakers=("Anna", "Ben"))),
        ('speaker:"Anna Berg" x', Query(words=("x",), speakers=("Anna Berg",))),
        ('budget -travel -"last year"', Query(words=("budget",), excluded=("travel", "last year"))),
        ('near:"budget travel"', Query(near=("budget travel",))),
        ("lang:de meeting:Planning", Query(meetings=("Planning",), languages=("de",))),
        ("after:2026-11 before:2027", Query(after="2026-11-01", before="2027-01-01")),
        ("http://example.org 12:30 a:b", Query(words=("http://example.org", "12:30", "a:b"))),
        ("don't C++ (((", Query(words=("don't", "C++", "((("))),
        ("well-known - dash", Query(words=("well-known", "-", "dash"))),
        ("speaker: Anna", Query(words=("speaker:", "Anna"))),
        ("  ", Query()),
    ],
)
def test_a_text_is_read_as_a_query(text: str, query: Query) -> None:
    """Words, phrases in quotes, exclusions and fields are told apart; everything else is a word."""
    assert parse_query(text) == query


@given(st.text())
def test_any_text_is_a_query(text: str) -> None:
    """Only an invalid date and an excluded field are errors, and they say how to write it."""
    try:
        parse_query(text)
    except SettingsError as error:
        assert "2026-11-27" in error.remedy or "-travel" in error.remedy


@pytest.mark.parametrize("text", ["-speaker:Anna", '-near:"budget tax"', "budget -after:2026"])
def test_a_field_cannot_be_excluded(text: str) -> None:
    with pytest.raises(SettingsError, match="cannot be excluded"):
        parse_query(text)


@pytest.mark.parametrize("text", ["yesterday", "2026-13", "2026-02-30", "26-01-01", "2026-1-1-1"])
def test_other_dates_are_refused(text: str) -> None:
    """A date that does not exist is an error."""
    with pytest.raises(SettingsError, match="not a date"):
        parse_day(text)
