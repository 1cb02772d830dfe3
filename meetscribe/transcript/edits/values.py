"""The corrections that people make to who said what: each a value, kept in order; nothing is applied here.

They lie over the evidence and never in it. Speakers are meant by their labels, which names do not change.
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
    """The names to show for speakers, by label; `made` is when that was said, in ISO 8601."""

    kind: ClassVar[str] = "rename"

    names: Mapping[str, str] = field(hash=False)
    made: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {encodable(k): encodable(v) for k, v in self.names.items()})


@dataclass(frozen=True, slots=True)
class Merge:
    """Speakers who are one person: the first of `speakers` stays, with its name; raises ValueError for fewer than two.

    >>> Merge(("A", "B")).heir("B"), Merge(("A", "B")).heir("C")
    ('A', 'C')
    """

    kind: ClassVar[str] = "merge"

    speakers: tuple[str, ...]
    made: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "speakers", tuple(map(encodable, self.speakers)))
        if len(set(self.speakers)) < max(2, len(self.speakers)):
            raise ValueError("two speakers or more can be one, each named once")
        if not all(self.speakers):
            raise ValueError("a speaker must have a label")

    def heir(self, label: str) -> str:
        """The speaker that has become of the one with that label."""
        return self.speakers[0] if label in self.speakers else label


@dataclass(frozen=True, slots=True)
class Assign:
    """The words between two times are a speaker's, one that is there or a new one."""

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
            raise ValueError(f"it must not end before it starts: {self.start} to {self.end}")
        if not self.speaker:
            raise ValueError("a speaker must have a label")

    def covers(self, word: Word) -> bool:
        """Whether the middle of the word lies between the two times."""
        return self.start <= (word.start + word.end) / 2 < self.end


Edit: TypeAlias = Rename | Merge | Assign


def names_by_label(edits: Iterable[Edit]) -> dict[str, str]:
    """The name of each label that has one after all edits; who became part of another has lost its own."""
    names: dict[str, str] = {}
    for edit in edits:
        if isinstance(edit, Rename):
            names |= edit.names
        elif isinstance(edit, Merge):
            for label in edit.speakers[1:]:
                names.pop(label, None)
    return names


def merged_label(edits: Iterable[Edit], label: str) -> str:
    """The label of the speaker that has become of `label` after all edits."""
    for edit in edits:
        if isinstance(edit, Merge):
            label = edit.heir(label)
    return label
