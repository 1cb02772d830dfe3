"""Edits: corrections of speakers and words, which a transcript keeps in order beside the recognised words.

Edits refer to speakers by label; a name does not change the label. `Assign` selects words by time. The edits of words
(`WORD_EDITS`) refer to words by id, and also store the text and the time of these words (`quote`, `start`, `end`), for
display and for the transfer to a new run.
`application` returns the transcript with its edits applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from meetscribe.text.json_values import JSON, encodable
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span, rounded

if TYPE_CHECKING:
    from meetscribe.transcript.words import Word


NAME_SOURCES = ("hint", "profile", "confirmed")
"""The sources of names other than an edit by a person."""

_IF_KNOWN = {"if known": True}
"""Marks a member that is left out of the JSON if it is None, so that the edits of older files keep their revision."""


@dataclass(frozen=True, slots=True)
class Rename:
    """The names to display for speakers, by label; `made` is the time of the edit in ISO 8601.

    `source` is None if a person gave the names, "hint" if they were given for the run, "profile" if voiceprints of
    known people matched, "confirmed" if a person confirmed such a match. For a match, `score` is the cosine similarity
    of the voiceprints, and `margin` the lead over the next person, None if there is no other. Raises ValueError for an
    unknown source.
    """

    kind: ClassVar[str] = "rename"

    names: Mapping[str, str] = field(hash=False)
    made: str | None = None
    source: str | None = field(default=None, metadata=_IF_KNOWN)
    score: float | None = field(default=None, metadata=_IF_KNOWN)
    margin: float | None = field(default=None, metadata=_IF_KNOWN)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {encodable(k): encodable(v) for k, v in self.names.items()})
        if self.source is not None and self.source not in NAME_SOURCES:
            raise ValueError(f"the source of a name must be one of {', '.join(NAME_SOURCES)}, not {self.source!r}")
        for name in ("score", "margin"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, round(float(value), 4))

    @property
    def is_automatic(self) -> bool:
        """Whether the names come from matching voiceprints alone, without a person's confirmation."""
        return self.source == "profile"


@dataclass(frozen=True, slots=True)
class Merge:
    """Speakers who are the same person: the first of `speakers` remains, with its name.

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
    """The words between two times assigned to a speaker, who may be new.

    Raises ValueError for an end before the start, and for an empty label.
    """

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
        return self.start <= word.middle < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class _WordEdit:
    """The members that all edits of words share.

    `quote` is the text of the words when the edit was made, and `start` to `end` their time. `source` names the origin
    of the edit, such as an imported file; None if a person made it. Raises ValueError for an end before the start.
    """

    quote: str
    start: Seconds
    end: Seconds
    made: str | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "quote", encodable(self.quote))
        object.__setattr__(self, "start", rounded(self.start))
        object.__setattr__(self, "end", rounded(self.end))
        if self.end < self.start:
            raise ValueError(f"the end must not be before the start: {self.start} to {self.end}")

    @property
    def span(self) -> Span:
        """The time of the words."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace(_WordEdit):
    """Words, by id and in order, replaced by `text`.

    `id` is the id of the edit; the ids of new words begin with it. Raises ValueError without words or visible text.
    """

    kind: ClassVar[str] = "replace"

    id: str
    words: tuple[str, ...]
    text: str

    def __post_init__(self) -> None:
        _WordEdit.__post_init__(self)
        object.__setattr__(self, "words", _checked_words(self.words))
        object.__setattr__(self, "text", _checked_text(self.text))
        _check_id(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(_WordEdit):
    """Deleted words, by id. Raises ValueError without words."""

    kind: ClassVar[str] = "delete"

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        _WordEdit.__post_init__(self)
        object.__setattr__(self, "words", _checked_words(self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert(_WordEdit):
    """Words inserted from `start` to `end`, after the word `after`, or else before the word `before`.

    `quote` is empty. The words join the segment of that word, or form a `new_segment`; `speaker` is a label, None if
    unknown. `id` is the id of the edit; the ids of new words begin with it. Raises ValueError without visible text.
    """

    kind: ClassVar[str] = "insert"

    id: str
    after: str | None
    before: str | None
    text: str
    speaker: str | None = None
    new_segment: bool = False
    quote: str = ""

    def __post_init__(self) -> None:
        _WordEdit.__post_init__(self)
        object.__setattr__(self, "text", _checked_text(self.text))
        _check_id(self.id)
        if self.speaker is not None:
            object.__setattr__(self, "speaker", encodable(self.speaker))
            if not self.speaker:
                raise ValueError("a speaker must have a label; use None if it is unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(_WordEdit):
    """A segment split before a word, given by id."""

    kind: ClassVar[str] = "split"

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(_WordEdit):
    """Segments joined to the previous one; `words` are their first words, by id. Raises ValueError without words."""

    kind: ClassVar[str] = "join"

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        _WordEdit.__post_init__(self)
        object.__setattr__(self, "words", _checked_words(self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retime(_WordEdit):
    """Words, by id, with new times from a corrected copy: a start and an end for each.

    Without `exact`, the times were interpolated between times of the copy. Raises ValueError if the numbers of times
    and words differ, and for an end before its start.
    """

    kind: ClassVar[str] = "retime"

    words: tuple[str, ...]
    times: tuple[tuple[Seconds, Seconds], ...]
    exact: bool = True

    def __post_init__(self) -> None:
        _WordEdit.__post_init__(self)
        object.__setattr__(self, "words", _checked_words(self.words))
        times = tuple((rounded(start), rounded(end)) for start, end in self.times)
        object.__setattr__(self, "times", times)
        if len(times) != len(self.words):
            raise ValueError(f"{len(times)} times for {len(self.words)} words")
        if any(not 0 <= start <= end for start, end in times):
            raise ValueError("a word must not end before its start, or start before the recording")


SpeakerEdit: TypeAlias = Rename | Merge | Assign
WordEdit: TypeAlias = Replace | Delete | Insert | Split | Join | Retime
Edit: TypeAlias = SpeakerEdit | WordEdit

WORD_EDITS = (Replace, Delete, Insert, Split, Join, Retime)
"""The kinds of edits that refer to words by id."""


def edit_members(edit: Edit) -> dict[str, JSON]:
    """Return the members of an edit in native JSON, its kind first."""
    members: dict[str, JSON] = {"kind": edit.kind}
    for each in fields(edit):
        value = getattr(edit, each.name)
        if value is not None or "if known" not in each.metadata:
            members[each.name] = _as_lists(value)
    return members


def _as_lists(value: Any) -> JSON:
    """Return a value with tuples converted to lists."""
    return [_as_lists(item) for item in value] if isinstance(value, tuple) else value


def _checked_words(words: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of words as a tuple; raises ValueError if there are none, or for a duplicate."""
    ids = tuple(words)
    if not ids or len(set(ids)) < len(ids):
        raise ValueError("an edit needs at least one word, and each word once")
    return ids


def _checked_text(text: str) -> str:
    """Return the text on one line; raises ValueError if it has no visible character."""
    if line := one_line(encodable(text)):
        return line
    raise ValueError("an edit needs visible text")


def _check_id(id: str) -> None:
    """Raise ValueError for an id that is empty, or contains white space or unprintable characters."""
    if not id or len(id.split()) != 1 or not id.isprintable():
        raise ValueError(f"an id must be one printable word, not {id!r}")
