"""Merges change labels everywhere at once; a label that is used again is a new speaker."""

from __future__ import annotations

from meetscribe.transcript.edits.replay.labels import Labels


def test_merged_labels_follow() -> None:
    """A merged label, and those merged into it before, are the first one; the same text used again is not."""
    labels = Labels()
    one, two, three = labels["A"], labels["B"], labels["C"]
    labels.merge(("B", "C"))
    labels.merge(("A", "B", "missing"))
    assert [label.text for label in (one, two, three)] == ["A", "A", "A"]
    assert labels["B"].text == "B"
    assert two.text == "A"
