"""The values of the library: meetings, passages and search results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from meetscribe.text.dates import parse_date
from meetscribe.timeline import Seconds, Span

Access: TypeAlias = Literal["open", "restricted"]
"""The access of searches, items and assistants to a meeting; any other value in a database counts as restricted."""

Kind: TypeAlias = Literal["words", "parts", "some", "meaning"]
"""The kind of a match: all words; all words, some inside longer words; some of the words; similar meaning."""


@dataclass(frozen=True, slots=True)
class SpeakerTime:
    """A speaker of a meeting by name or label, with the number of words and the talk time, that of the turns."""

    name: str
    words: int
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The transcript file of a meeting, as it was when read.

    `path` is absolute, `content` is "sha256:" and the digest of the bytes, `size` their number, and `modified` the
    modification time in nanoseconds since the epoch.
    """

    path: str
    content: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A transcript in the library.

    `id` is derived from the hash of the recording (or of the transcript if there is no recording), and does not change
    when the file is corrected or moved. `recorded_at` is an ISO 8601 date or date and time, None if unknown.
    `recording` is "sha256:" and a digest, None if unknown. `passages` is their number. `available` is false while the
    file is missing.
    """

    id: str
    source: SourceFile
    title: str
    recorded_at: str | None
    language: str
    duration: Seconds
    speakers: tuple[SpeakerTime, ...] = ()
    participants: tuple[str, ...] = ()
    recording: str | None = None
    passages: int = 0
    access: Access = "open"
    available: bool = True

    @property
    def day(self) -> str | None:
        """The date without the time, None if unknown."""
        return parse_date(self.recorded_at).date().isoformat() if self.recorded_at else None

    @property
    def people(self) -> tuple[str, ...]:
        """The names of the speakers and of the other participants."""
        return tuple(dict.fromkeys((*(speaker.name for speaker in self.speakers), *self.participants)))


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words of one speaker, the unit of search.

    `position` counts from 0 within the meeting. `word` is the id of the first word, None if the words have no ids.
    """

    position: int
    start: Seconds
    end: Seconds
    speaker: str | None
    text: str
    word: str | None = None

    @property
    def span(self) -> Span:
        """The time span of the passage."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Record:
    """A meeting with all its passages, ready to be stored."""

    meeting: Meeting
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found.

    `score` orders the hits of one search (higher is better); scores of different searches are not comparable.
    `matches` are the half-open character spans of the query's words in the text.
    """

    meeting: Meeting
    passage: Passage
    score: float
    kind: Kind = "words"
    matches: tuple[tuple[int, int], ...] = ()

    @property
    def id(self) -> str:
        """The meeting and the start of the passage in six significant digits, for `Library.locate`.

        An example is "3f9c02d4ab17@754.2".
        """
        return f"{self.meeting.id}@{self.passage.start:g}"


@dataclass(frozen=True, slots=True)
class Results:
    """The hits of a search, the best first; `reason` explains an empty result and is otherwise empty."""

    hits: tuple[Hit, ...]
    reason: str = ""


Outcome: TypeAlias = Literal["added", "updated", "moved", "unchanged", "duplicate", "missing", "skipped", "failed"]
"""The outcome for a file, in this order: new; read again after a change; found at another path; unchanged; second
transcript of a recording; missing; not a transcript (in a folder); unreadable.
"""


@dataclass(frozen=True, slots=True)
class FileResult:
    """The result for a file: its meeting, None if there is none, and the reason if it was not added or read.

    For a duplicate, the meeting is the one that has the recording from another file.
    """

    path: str
    outcome: Outcome
    meeting: Meeting | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter for meetings.

    `after` (inclusive) and `before` (exclusive) are ISO 8601 dates; either excludes meetings without a date. `ids` None
    and an empty `languages` select all. Restricted meetings and meetings with missing files are selected only with
    `hidden`.
    """

    ids: frozenset[str] | None = None
    languages: frozenset[str] = field(default_factory=frozenset)
    after: str | None = None
    before: str | None = None
    hidden: bool = False
