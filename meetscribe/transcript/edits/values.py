"""Corrections of speakers as values, which a transcript keeps in order beside the words as recognised.

Speakers are referred to by label; a name does not change the label. `application` applies the edits to a copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from meetscribe.text.json_values import encodable
from meetscribe.timeline import Seconds, rounded

if TYPE_CHECKING:
    from meetscribe.transcript.words import Word


@dataclass(frozen=True, slots=True)
class Rename:
    """The names to show for speakers, by label; `made` is the time of the edit in ISO 8601."""

    kind: ClassVar[str] = "rename"

    names: Mapping[str, str] = field(hash=False)
    made: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {encodable(k): encodable(v) for k, v in self.names.items()})


@dataclass(frozen=True, slots=True)
class Merge:
    """Speakers who are one person: the first of `speakers` remains, with its name.

    Raises ValueError for fewer than two speakers, or the same one twice.

    >>> Merge(("A", "B")).merged("B"), Merge(("A", "B")).merged("C")
    ('A', 'C')
    """

    kind: ClassVar[str] = "merge"

    speakers: tuple[str, ...]
    made: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "speakers", tuple(map(encodable, self.speakers)))
        if len(set(self.speakers)) < max(2, len(self.speakers)):
            raise ValueError("a merge needs at least two speakers, each named once")
        if not all(self.speakers):
            raise ValueError("a speaker must have a label")

    def merged(self, label: str) -> str:
        """Return the label of a speaker after the merge."""
        return self.speakers[0] if label in self.speakers else label


@dataclass(frozen=True, slots=True)
class Assign:
    """The words between two times assigned to a speaker, who may be new."""

    kind: ClassVar[str] = "assign"

    start: Seconds
    end: Seconds
    speaker: str
    made: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", rounded(self.start))
        object.__setattr__(self, "end", rounded(self.end))
        object.__setattr__(self, "speaker", encodable(self.speaker))
        if self.end < self.start:
            raise ValueError(f"the end must not be before the start: {self.start} to {self.end}")
        if not self.speaker:
            raise ValueError("a speaker must have a label")

    def covers(self, word: Word) -> bool:
        """Return whether the middle of the word lies in the half-open span from `start` to `end`."""
        return self.start <= (word.start + word.end) / 2 < self.end


Edit: TypeAlias = Rename | Merge | Assign


def names_by_label(edits: Iterable[Edit]) -> dict[str, str]:
    """Return the name of each label that has one after all edits; a merged speaker loses its name."""
    names: dict[str, str] = {}
    for edit in edits:
        if isinstance(edit, Rename):
            names |= edit.names
        elif isinstance(edit, Merge):
            for label in edit.speakers[1:]:
                names.pop(label, None)
    return names


def merged_label(edits: Iterable[Edit], label: str) -> str:
    """Return the label of a speaker after all merges."""
    for edit in edits:
        if isinstance(edit, Merge):
            label = edit.merged(label)
    return label
