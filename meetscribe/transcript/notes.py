"""Topics, and minutes with citations of words: values that other rooms exchange."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from meetscribe.errors import Notice
from meetscribe.text.dates import parse_date
from meetscribe.text.json_values import encodable
from meetscribe.timeline import Seconds, Span, rounded
from meetscribe.transcript.words import check_id, check_language

ItemKind: TypeAlias = Literal["decision", "action", "question", "key_point", "next_meeting"]
"""The kinds of items in minutes; a question is an open one."""

Status: TypeAlias = Literal["agreed", "proposed", "open"]
"""The state of an item at the end of the meeting: agreed, as are all key points; only proposed, such as an action
without a taker; or open, a question without an answer."""

ITEM_KINDS: tuple[str, ...] = get_args(ItemKind)
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Topic:
    """A passage of a meeting on one subject.

    `terms` are its characteristic words, the most characteristic first. `title` is a heading, None if there is only the
    list of terms. `first_word` and `last_word` are word ids, as in a citation; None if the words have no ids. Times are
    rounded to the millisecond. Raises ValueError for a negative or infinite time, and for an end before the start.
    """

    start: Seconds
    end: Seconds
    terms: tuple[str, ...] = ()
    title: str | None = None
    first_word: str | None = None
    last_word: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", rounded(self.start))
        object.__setattr__(self, "end", rounded(self.end))
        if self.end < self.start:
            raise ValueError(f"a topic must not end before it starts: {self.start} to {self.end}")
        object.__setattr__(self, "terms", tuple(map(encodable, self.terms)))
        object.__setattr__(self, "title", self.title and encodable(self.title))

    @property
    def span(self) -> Span:
        """The time of the passage."""
        return Span(self.start, self.end)

    @property
    def heading(self) -> str:
        """The title, or the first three terms; empty if it has neither.

        >>> Topic(0, 60, ("budget", "travel", "hotel", "train")).heading
        'budget, travel, hotel'
        """
        return self.title or ", ".join(self.terms[:3])


@dataclass(frozen=True, slots=True)
class Citation:
    """The words of a transcript that prove an item: the ids of the first and the last word, and the text as cited.

    Speaker and times are not stored: they come from the words, and so follow corrections. Raises ValueError for an
    invalid id, and for an empty quote.
    """

    first_word: str
    last_word: str
    quote: str

    def __post_init__(self) -> None:
        check_id(self.first_word)
        check_id(self.last_word)
        object.__setattr__(self, "quote", encodable(self.quote))
        if not self.quote.strip():
            raise ValueError("a quote must not be empty")


@dataclass(frozen=True, slots=True)
class Person:
    """A participant, or an absent person who was named.

    `name` is the speaker's label in the transcript, or the spoken name. `word` is the id of a word of this person,
    such as the first of "I'll do it"; the displayed name is the current name of its speaker.
    """

    name: str
    word: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", encodable(self.name))
        if not self.name.strip():
            raise ValueError("a person must have a name or label")
        if self.word is not None:
            check_id(self.word)


@dataclass(frozen=True, slots=True)
class Due:
    """A due date: the spoken words, and the day (ISO 8601) that they mean, None if it cannot be determined."""

    said: str
    day: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", encodable(self.said))
        if self.day is not None:
            parse_date(self.day)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a check of an item.

    `by` names the checker, `score` is its score (0 to 1), and `problems` are those found. Raises ValueError for a score
    out of range.
    """

    passed: bool
    by: str
    score: float | None = None
    problems: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "problems", tuple(map(encodable, self.problems)))
        if self.score is not None and not (math.isfinite(self.score) and 0 <= self.score <= 1):
            raise ValueError(f"a score must lie between 0 and 1, not {self.score}")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the minutes, with the words that prove it.

    The first citation states the item; the others are its acceptance, its corrections and its repetitions. `owners` are
    responsible for the task, `everyone` if all participants are; `agreed_by` are the people who accepted it. `said` is
    the verdict of the verifier: the transcript contains the quotes, and the text adds nothing to them. `supported` is
    the verdict on whether the quotes support the item, None if not checked. `score` (0 to 1) ranks the items. Raises
    ValueError without a citation, and for an unknown kind or status.
    """

    kind: ItemKind
    text: str
    citations: tuple[Citation, ...]
    owners: tuple[Person, ...] = ()
    everyone: bool = False
    due: Due | None = None
    agreed_by: tuple[Person, ...] = ()
    status: Status = "agreed"
    score: float = 1.0
    said: Verdict | None = None
    supported: Verdict | None = None

    def __post_init__(self) -> None:
        for name in ("citations", "owners", "agreed_by"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "text", encodable(self.text))
        if self.kind not in ITEM_KINDS:
            raise ValueError(f"an item must be one of {', '.join(ITEM_KINDS)}, not {self.kind!r}")
        if self.status not in STATUSES:
            raise ValueError(f"a status must be one of {', '.join(STATUSES)}, not {self.status!r}")
        if not self.citations:
            raise ValueError("an item must have a citation")

    @property
    def id(self) -> str:
        """A stable id, derived from the kind and the words that state the item.

        >>> Item("action", "Send it.", (Citation("9f-1", "9f-3", "I'll send it"),)).id
        'action-1f37026f'
        """
        first = self.citations[0]
        digest = hashlib.sha256(f"{self.kind} {first.first_word} {first.last_word}".encode()).hexdigest()
        return f"{self.kind}-{digest[:8]}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the transcript the minutes are based on.

    `share` is the share of the words that were read (0 to 1), `by` the method, and `cut` describes the omitted parts,
    each with the reason.
    """

    share: float
    by: str
    cut: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "cut", tuple(map(encodable, self.cut)))
        if not 0 <= self.share <= 1:
            raise ValueError(f"a share must lie between 0 and 1, not {self.share}")


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a meeting.

    `transcript` is the digest of the words of their transcript. `items` are the displayed items, in order of time;
    `candidates` are items that were found and left out. `summary` cites the central utterances in order.
    """

    language: str
    transcript: str
    items: tuple[Item, ...] = ()
    title: str | None = None
    recorded_at: str | None = None
    participants: tuple[Person, ...] = ()
    summary: tuple[Citation, ...] = ()
    topics: tuple[Topic, ...] = ()
    candidates: tuple[Item, ...] = ()
    coverage: Coverage = Coverage(1.0, "rules")
    notices: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        check_language(self.language)
        for name in ("items", "participants", "summary", "topics", "candidates", "notices"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "title", self.title and encodable(self.title))
        if self.recorded_at is not None:
            parse_date(self.recorded_at)

    def of_kind(self, kind: ItemKind) -> tuple[Item, ...]:
        """Return the items of one kind."""
        return tuple(item for item in self.items if item.kind == kind)

    @property
    def decisions(self) -> tuple[Item, ...]:
        """The decisions."""
        return self.of_kind("decision")

    @property
    def actions(self) -> tuple[Item, ...]:
        """The tasks, agreed or proposed."""
        return self.of_kind("action")

    @property
    def questions(self) -> tuple[Item, ...]:
        """The open questions."""
        return self.of_kind("question")

    @property
    def key_points(self) -> tuple[Item, ...]:
        """Statements worth keeping."""
        return self.of_kind("key_point")

    @property
    def next_meeting(self) -> Item | None:
        """The item that states the date of the next meeting, None if there is none."""
        return next(iter(self.of_kind("next_meeting")), None)
