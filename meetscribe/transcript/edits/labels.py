"""Names and labels of speakers after all edits."""

from __future__ import annotations

from collections.abc import Iterable

from meetscribe.transcript.edits.values import Edit, Merge, Rename


def names_by_label(edits: Iterable[Edit]) -> dict[str, str]:
    """Return the names by label after all edits; a speaker merged into another one loses its name."""
    names: dict[str, str] = {}
    for edit in edits:
        if isinstance(edit, Rename):
            names |= edit.names
        elif isinstance(edit, Merge):
            for label in edit.speakers[1:]:
                names.pop(label, None)
    return names


def merged_label(edits: Iterable[Edit], label: str) -> str:
    """Return the label that a speaker has after all merges."""
    for edit in edits:
        if isinstance(edit, Merge):
            label = edit.merged(label)
    return label
