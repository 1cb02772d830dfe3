"""Topics and minutes: checked values, and ids derived from the evidence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from meetscribe.timeline import Span
from meetscribe.transcript.notes import Citation, Coverage, Due, Item, ItemKind, Minutes, Person, Topic, Verdict


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


KINDS: tuple[ItemKind, ...] = ("question", "action", "decision", "key_point")
STATED = Citation("9f-1", "9f-3", "I'll send it")


def test_the_id_of_an_item_depends_on_its_kind_and_evidence_only() -> None:
    """Text, further citations and verdicts do not change it; the kind and the words that state it do."""
    item = Item("action", "Send it", (STATED,))
    assert item.id == Item("action", "Other", (STATED, Citation("9f-7", "9f-7", "Yes")), status="proposed").id
    assert (
        len({item.id, Item("decision", "", (STATED,)).id, Item("action", "", (Citation("9f-2", "9f-3", "x"),)).id}) == 3
    )


def test_minutes_list_their_items_by_kind() -> None:
    """Each kind has its property; the next meeting is one item or None."""
    items = tuple(Item(kind, kind, (STATED,)) for kind in KINDS)
    minutes = Minutes("en", "", items)
    found = (minutes.decisions, minutes.actions, minutes.questions, minutes.key_points)
    assert [one.text for group in found for one in group] == ["decision", "action", "question", "key_point"]
    assert minutes.next_meeting is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Item("action", "x", ()),
        lambda: Item("wish", "x", (STATED,)),  # type: ignore[arg-type]
        lambda: Item("action", "x", (STATED,), status="done"),  # type: ignore[arg-type]
        lambda: Citation("9f-1", "9f-1", " "),
        lambda: Citation("two words", "9f-1", "x"),
        lambda: Person(""),
        lambda: Due("by Friday", "Friday"),
        lambda: Verdict(True, "code", 1.5),
        lambda: Coverage(-0.1, "rules"),
        lambda: Minutes("en", "", recorded_at="yesterday"),
    ],
)
def test_impossible_notes_are_refused(make: Callable[[], object]) -> None:
    """Items without evidence, unknown kinds, empty quotes and values out of range."""
    with pytest.raises(ValueError):
        make()
