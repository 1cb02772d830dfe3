"""The protocol of the library's databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from meetscribe.errors import Notice
from meetscribe.library.stores.expression import Expression
from meetscribe.library.values import Access, Filter, Meeting, Passage, Record
from meetscribe.runtime.progress import Progress, ignore_progress

CANDIDATES = 1000
"""The number of matching passages that a search ranks, those added last: more matches cannot be ranked usefully."""


class Match(NamedTuple):
    """A matching passage: the id of its meeting, its position in the meeting, and its score (higher is better)."""

    meeting: str
    position: int
    score: float


class Vectors(NamedTuple):
    """The vectors of a meeting's passages: positions as little-endian uint32, and one row of float16 per position."""

    meeting: str
    positions: bytes
    rows: bytes


class Store(Protocol):
    """Meetings and passages with an index of their terms.

    Every method is one transaction: it takes effect completely or not at all, even if the process is killed. Several
    processes may use the store at once. All methods raise OutputError if the database cannot be used.
    """

    @property
    def location(self) -> str:
        """The file or address of the database, without a password."""
        ...

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Warnings about the location of the database."""
        ...

    def put(self, record: Record) -> None:
        """Store a meeting, replacing one with the same id; its access is kept."""
        ...

    def update_source(self, meeting: Meeting) -> None:
        """Store the source file and the availability of an existing meeting."""
        ...

    def remove(self, id: str) -> bool:
        """Remove a meeting, and return whether it existed; its access is kept."""
        ...

    def set_access(self, id: str, access: Access) -> None:
        """Set the access to a meeting."""
        ...

    def meetings(self, chosen: Filter) -> list[Meeting]:
        """Return the meetings selected by the filter, the latest first; meetings without a date come last."""
        ...

    def languages(self) -> list[str]:
        """Return the languages of all meetings."""
        ...

    def passages(self, id: str, first: int = 0, count: int | None = None) -> list[Passage]:
        """Return `count` passages of a meeting from position `first` on, or all remaining ones for None."""
        ...

    def search(self, expression: Expression, chosen: Filter, limit: int) -> list[Match]:
        """Return the matching passages in the meetings selected by the filter, the best first.

        If more than `CANDIDATES` passages match, only those added last are ranked.
        """
        ...

    def terms_with(self, part: str, limit: int) -> list[str]:
        """Return terms of words that contain a folded part of at least three characters, the shortest words first."""
        ...

    def put_vectors(self, vectors: Vectors, embedder: str, content: str) -> None:
        """Store the vectors of a meeting, replacing others, if its file still has the hash `content`.

        They are removed when the meeting is removed or stored again.
        """
        ...

    def vectors(self, chosen: Filter, embedder: str) -> Iterator[Vectors]:
        """Yield the vectors of an embedder in the meetings selected by the filter."""
        ...

    def without_vectors(self, embedder: str) -> list[Meeting]:
        """Return the meetings without vectors of an embedder, the latest first, except hidden ones."""
        ...

    def put_note(self, id: str, key: str, value: str, content: str) -> None:
        """Store a text derived from a meeting, replacing another, if its file still has the hash `content`.

        It is removed when the meeting is removed or stored again. `key` identifies the source of the text.
        """
        ...

    def notes(self) -> dict[str, tuple[str, str]]:
        """Return the key and value of each derived text by meeting id."""
        ...

    def rebuild_index(self, progress: Progress = ignore_progress) -> None:
        """Rebuild the index of terms from the passages."""
        ...

    def check(self) -> list[str]:
        """Return the defects of the database, an empty list if there are none."""
        ...

    def size(self) -> int:
        """Return the size of the database in bytes."""
        ...

    def close(self) -> None:
        """Close the database."""
        ...
