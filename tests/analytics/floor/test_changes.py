"""Floor transfer offsets, and who follows whom."""

from __future__ import annotations

from hypothesis import given, settings

from meetscribe.analytics import stats
from meetscribe.analytics.floor.changes import gaps_of, transitions_of
from meetscribe.analytics.floor.turns import FloorTurn
from meetscribe.timeline import Turn
from tests.analytics.test_activity import random_turns

TURNS = [
    FloorTurn(0, 5, "A"),
    FloorTurn(2, 3, "C"),
    FloorTurn(4.8, 8, "B"),
    FloorTurn(8.4, 9, "A"),
    FloorTurn(11, 12, "A"),
    FloorTurn(12.2, 13, "B"),
]


def test_offsets_are_from_the_end_of_the_turn_before() -> None:
    """An overlap has a negative offset, a turn inside another is skipped, and a pause keeps the speaker."""
    found = [(gap.speaker, gap.next_speaker, gap.offset, gap.kind) for gap in gaps_of(TURNS)]
    assert found == [
        ("A", "B", -0.2, "overlap"),
        ("B", "A", 0.4, "gap"),
        ("A", "A", 2.0, "pause"),
        ("A", "B", 0.2, "gap"),
    ]


def test_transitions_count_changes_of_speaker() -> None:
    """Shares add up to 1 for each speaker; pauses are no transitions."""
    found = [
        (one.speaker, one.next_speaker, one.count, one.share, one.median_offset)
        for one in transitions_of(gaps_of(TURNS))
    ]
    assert found == [("A", "B", 2, 1.0, 0.0), ("B", "A", 1, 1.0, 0.4)]


@settings(max_examples=60, deadline=None)
@given(random_turns())
def test_passages_lead_from_the_latest_end(turns: list[Turn]) -> None:
    """Each passage starts at the latest end of all turns before, and shares of transitions add up to 1."""
    result = stats(turns)
    rows = result.analyses[0].floor.turns
    expected = []
    for number, turn in enumerate(rows[1:], start=1):
        before = max(rows[:number], key=lambda one: one.end)
        if turn.end > before.end:
            expected.append((before.end, turn.start))
    assert [(gap.end, gap.next_start) for gap in result.rows("gaps")] == expected
    shares: dict[str, float] = {}
    for row in result.rows("transitions"):
        shares[row.speaker] = shares.get(row.speaker, 0.0) + row.share
    assert all(abs(share - 1) < 1e-5 for share in shares.values())
