"""Topics: checked times, and a heading with or without a title."""

from __future__ import annotations

import pytest

from meetscribe.timeline import Span
from meetscribe.transcript.notes import Topic


def test_a_topic_has_rounded_times_and_a_span() -> None:
    """Times are rounded to the millisecond, and lists become tuples."""
    topic = Topic(0.00049, 9.9999, terms=["budget"])  # type: ignore[arg-type]

    assert (topic.start, topic.end, topic.span) == (0.0, 10.0, Span(0.0, 10.0))
    assert topic.terms == ("budget",)


@pytest.mark.parametrize(("start", "end"), [(2, 1), (-1, 1), (0, float("inf")), (float("nan"), 1)])
def test_impossible_times_are_refused(start: float, end: float) -> None:
    """A topic ends after it starts, at finite times."""
    with pytest.raises(ValueError, match=r"must not end before|finite number"):
        Topic(start, end)


def test_the_heading_is_the_title_or_the_first_terms() -> None:
    """Without a title, three terms stand for the topic; without terms, nothing does."""
    assert Topic(0, 1, ("a", "b", "c", "d")).heading == "a, b, c"
    assert Topic(0, 1, ("a",), title="The budget").heading == "The budget"
    assert Topic(0, 1).heading == ""
