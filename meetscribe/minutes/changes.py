"""The differences between two versions of the minutes of a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from meetscribe.errors import InputError
from meetscribe.minutes.output.native import loads
from meetscribe.storage.files import LINES_BYTES, is_file, read_file
from meetscribe.transcript.notes import Item, Minutes


@dataclass(frozen=True, slots=True)
class Changes:
    """The items that only the later version has, those that differ in it, and those that only the earlier one has."""

    new: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    gone: tuple[Item, ...] = ()

    def __str__(self) -> str:
        if not self:
            return "no changes"
        return f"{len(self.new)} new, {len(self.changed)} changed, {len(self.gone)} gone"

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def changes(before: Minutes, after: Minutes) -> Changes:
    """Return the changes from one version of minutes to a later one; items are matched by id.

    An item is changed if its text, people, due date, status or citations differ. Scores and verdicts are not compared.
    """
    old, new = {one.id: one for one in before.items}, {one.id: one for one in after.items}
    return Changes(
        tuple(one for key, one in new.items() if key not in old),
        tuple(one for key, one in new.items() if key in old and _facts(one) != _facts(old[key])),
        tuple(one for key, one in old.items() if key not in new),
    )


def changes_of_file(file: Path, after: Minutes) -> Changes | None:
    """Return the changes from the minutes in a JSON file; None if there are no minutes in it that can be read."""
    if file.suffix.lower() != ".json" or not is_file(file):
        return None
    try:
        return changes(loads(read_file(file, LINES_BYTES).decode(), str(file)), after)
    except (InputError, OSError, ValueError):
        return None


def _facts(item: Item) -> tuple[object, ...]:
    """Return the parts of an item that are compared."""
    return item.text, item.owners, item.everyone, item.due, item.agreed_by, item.status, item.citations
