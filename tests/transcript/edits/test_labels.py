from __future__ import annotations

from typing import Any

import pytest

from meetscribe.transcript import Merge, Rename
from meetscribe.transcript.edits.labels import merged_label, names_by_label

LABELLED: list[tuple[list[Any], dict[str, str], dict[str, str]]] = [
    ([], {}, {"A": "A"}),
    ([Rename({"A": "Anna"}), Rename({"A": "Ann", "B": "Ben"})], {"A": "Ann", "B": "Ben"}, {"A": "A"}),
    ([Rename({"A": "Anna", "B": "Ben"}), Merge(("A", "B"))], {"A": "Anna"}, {"B": "A"}),
    ([Merge(("B", "A")), Merge(("C", "B"))], {}, {"A": "C", "B": "C", "C": "C", "D": "D"}),
    ([Merge(("C", "B")), Merge(("B", "A"))], {}, {"A": "B", "B": "C"}),
    ([Merge(("A", "B")), Rename({"B": "Ben"})], {"B": "Ben"}, {"B": "A"}),
]


@pytest.mark.parametrize(("edits", "names", "labels"), LABELLED)
def test_edits_apply_in_order(edits: list[Any], names: dict[str, str], labels: dict[str, str]) -> None:
    """The last name counts; a merged speaker has the label of the first, and loses its name."""
    assert names_by_label(edits) == names
    assert {label: merged_label(edits, label) for label in labels} == labels
