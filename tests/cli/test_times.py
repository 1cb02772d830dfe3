"""Times and spans are read as people write them."""

from __future__ import annotations

import click
import pytest

from meetscribe.cli.times import parse_passage, parse_span, parse_time
from meetscribe.transcript import Meta, Segment, Transcript, Word


@pytest.mark.parametrize(
    ("text", "seconds", "precision"),
    [("12:05", 725, 1), ("1:02:03.5", 3723.5, 0.1), (" 725 ", 725, 1), ("0:00.25", 0.25, 0.01)],
)
def test_a_time_has_the_precision_of_its_last_digit(text: str, seconds: float, precision: float) -> None:
    """Hours and minutes are optional; a time without decimals is a whole second."""
    time, within = parse_time(text)
    assert time == seconds
    assert within == pytest.approx(precision)


def test_a_span_has_two_times() -> None:
    """A hyphen or a dash separates the times."""
    assert parse_span("12:03-12:10") == parse_span("723 – 730") == (723, 730)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0:07.0-0:09", "a plan I"),
        ("7-9", "a plan I"),
        ("7.00-9", "plan I"),
        ("7.1 – 9", "plan I"),
        ("8.0-9", "I"),
        ("6.9-7.5", "So a plan"),
    ],
)
def test_a_passage_begins_with_the_word_displayed_at_its_start(text: str, words: str) -> None:
    """The word before it, which ends later, does not belong to it; a more precise time is taken as it is."""
    second = Segment((Word("a", 6.954, 6.99), Word("plan", 7.12, 7.5), Word("I", 7.96, 7.99)))
    talk = Transcript((Segment((Word("So", 6.9, 7.02),)), second), Meta("en", 9))
    start, end = parse_passage(text, talk)
    assert "".join(word.text for word in talk.words if start <= word.middle < end) == words.replace(" ", "")
    assert {word.text for word in talk.assign(start, end, "Ben").edited().words if word.speaker} == {*words.split()}


@pytest.mark.parametrize("text", ["", "x", "12:", "-1", "1:2:3:4", "nan"])
def test_other_text_is_refused(text: str) -> None:
    """The message shows how to write it."""
    with pytest.raises(click.UsageError, match="Write it as 12:05"):
        parse_time(text)
    with pytest.raises(click.UsageError, match="Write it as 12:03-12:10"):
        parse_span(f"{text}-{text}")
