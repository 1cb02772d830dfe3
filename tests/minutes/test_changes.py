"""What changed between two versions of minutes."""

from __future__ import annotations

from dataclasses import replace

from meetscribe.minutes.changes import changes
from meetscribe.minutes.making import minutes_by_rules
from tests.minutes.meeting import dialogue

TEXT = """
    Anna: I'll send the report to the board on Friday.
    Ben: Thanks. I'll book the small room for Monday.
    Anna: Great.
"""


def test_an_item_may_be_new_changed_or_gone() -> None:
    """Items are matched by id; a score alone is no change."""
    minutes = minutes_by_rules(dialogue(TEXT))
    first, second = minutes.items
    assert not changes(minutes, replace(minutes, items=(replace(first, score=0.1), second)))
    later = replace(minutes, items=(replace(second, due=None),))
    found = changes(minutes, later)
    assert (found.new, [one.id for one in found.changed], found.gone) == ((), [second.id], (first,))
    assert str(found) == "0 new, 1 changed, 1 gone"
    assert changes(later, minutes).new == (first,)
