"""Interruptions by overlap and by marks."""

from __future__ import annotations

from hypothesis import given, settings

from meetscribe.analytics import AnalyticsSettings, stats
from meetscribe.analytics.floor.interruptions import basis_of, interruptions_of
from meetscribe.analytics.floor.turns import FloorTurn
from meetscribe.timeline import Turn
from meetscribe.transcript import Word
from tests.analytics.test_activity import random_turns

SETTINGS = AnalyticsSettings()


def found(*turns: FloorTurn) -> list[tuple[object, ...]]:
    """Return the interruptions by overlap as tuples."""
    return [
        (one.speaker, one.interrupted, one.overlap, one.successful)
        for one in interruptions_of(turns, "overlap", SETTINGS)
    ]


def test_an_interruption_succeeds_if_the_other_stops() -> None:
    """The other speaker stops within two seconds and the new turn goes on."""
    assert found(FloorTurn(0, 5, "A"), FloorTurn(4, 8, "B")) == [("B", "A", 1.0, True)]
    assert found(FloorTurn(0, 7, "A"), FloorTurn(4, 8, "B")) == [("B", "A", 3.0, False)]
    assert found(FloorTurn(0, 9, "A"), FloorTurn(4, 6, "B")) == [("B", "A", 2.0, False)]


def test_a_short_overlap_is_no_interruption() -> None:
    """Less than half a second at the end of a turn is a quick response; a common start interrupts neither."""
    assert found(FloorTurn(0, 5, "A"), FloorTurn(4.6, 8, "B")) == []
    assert found(FloorTurn(0, 5, "A"), FloorTurn(0, 8, "B")) == []


def test_one_turn_interrupts_one_speaker() -> None:
    """Of two who speak, the one who began first is interrupted."""
    turns = FloorTurn(0, 9, "A"), FloorTurn(2, 9.5, "B"), FloorTurn(8, 12, "C")
    assert found(*turns) == [("B", "A", 7.0, False), ("C", "A", 1.0, True)]


def test_marks_decide_without_overlap() -> None:
    """A turn that ends with a dash was interrupted by the next speaker; without dashes nothing is known."""
    cut = FloorTurn(0, 2, "A", (Word("I", 0, 1), Word("thought—", 1, 2)))
    after = FloorTurn(2, 4, "B", (Word("No.", 2, 4),))
    assert basis_of([cut, after], overlapping=False) == "marks"
    assert [(one.speaker, one.interrupted, one.basis) for one in interruptions_of([cut, after], "marks", SETTINGS)] == [
        ("B", "A", "marks")
    ]
    assert basis_of([after], overlapping=False) is None
    assert stats([Turn(0, 30, "A"), Turn(30, 60, "B")]).speakers[0].interruptions_made is None


@settings(max_examples=100, deadline=None)
@given(random_turns())
def test_interruptions_are_those_of_the_definition(turns: list[Turn]) -> None:
    """The same as comparing every turn with all turns."""
    result = stats(turns)
    floor = result.analyses[0].floor.turns
    expected = []
    for turn in floor:
        heard = [one for one in floor if one.speaker != turn.speaker and one.start < turn.start < one.end]
        holder = min(heard, key=lambda one: one.start, default=None)
        if holder and round(min(holder.end, turn.end) - turn.start, 3) >= SETTINGS.min_overlap:
            yields = round(holder.end - turn.start, 3) <= SETTINGS.yield_within and turn.end > holder.end
            expected.append((turn.start, turn.speaker, yields))
    if result.meetings[0].interruptions_by == "overlap":
        assert [(one.start, one.speaker, one.successful) for one in result.rows("interruptions")] == expected
