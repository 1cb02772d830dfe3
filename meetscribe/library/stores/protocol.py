"""The protocol of the library's databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from meetscribe.errors import Notice
from meetscribe.library.stores.expression import Expression
from meetscribe.library.values import Access, Filter, Meeting, Passage, Record
from meetscribe.runtime.progress import Progress, ignore_progress

CANDIDATES = 1000
"""The passages that a search ranks: the latest that match. A word with more occurrences does not tell them apart."""


class Match(NamedTuple):
    """A passage that matches: the id of its meeting, its position there, and its score, the largest for the best."""

    meeting: str
    position: int
    score: float


class Vectors(NamedTuple):
    """The vectors of passages of a meeting: their positions as little-endian uint32, and a row of float16 for each."""

    meeting: str
    positions: bytes
    rows: bytes


class Store(Protocol):
    """Meetings and passages with an index of their terms.

    Every method is one transaction: it takes effect completely or not at all, also if the process is killed, and other
    processes may read and write in between. All raise OutputError if the database cannot be used.
    """

    @property
    def place(self) -> str:
        """The file or the address of the database, without a password."""
        ...

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Warnings about the place of the database."""
        ...

    def put(self, record: Record) -> None:
        """Store a meeting in place of the one with the same id; its access stays as it was set."""
        ...

    def update_source(self, meeting: Meeting) -> None:
        """Store the source file and the availability of a meeting that is there."""
        ...

    def remove(self, id: str) -> bool:
        """Remove a meeting, and return whether it was there; its access is remembered if it is restricted."""
        ...

    def set_access(self, id: str, access: Access) -> None:
        """Set who sees a meeting."""
        ...

    def meetings(self, chosen: Filter) -> list[Meeting]:
        """Return the meetings that the filter admits, the latest first; those without a date come last."""
        ...

    def languages(self) -> list[str]:
        """Return the languages of all meetings."""
        ...

    def passages(self, id: str, first: int = 0, count: int | None = None) -> list[Passage]:
        """Return `count` passages of a meeting from position `first` on; all of them for None."""
        ...

    def search(self, expression: Expression, chosen: Filter, limit: int) -> list[Match]:
        """Return the passages that match in the meetings that the filter admits, the best first.

        Of more than `CANDIDATES` that match, the latest added are ranked.
        """
        ...

    def terms_with(self, part: str, limit: int) -> list[str]:
        """Return terms of words that contain a folded part of at least three characters, the shortest words first."""
        ...

    def put_vectors(self, vectors: Vectors, embedder: str, content: str) -> None:
        """Store the vectors of a meeting in place of others, if its file still has this content.

        They are removed with the meeting, and when it is stored again.
        """
        ...

    def vectors(self, chosen: Filter, embedder: str) -> Iterator[Vectors]:
        """Yield the vectors of an embedder in the meetings that the filter admits."""
        ...

    def without_vectors(self, embedder: str) -> list[Meeting]:
        """Return the meetings that have no vectors of an embedder, the latest first; hidden ones are left out."""
        ...

    def put_note(self, id: str, key: str, value: str, content: str) -> None:
        """Store a text that was derived from a meeting, in place of another, if its file still has this content.

        It is removed with the meeting, and when it is stored again. `key` states what it was derived from.
        """
        ...

    def notes(self) -> dict[str, tuple[str, str]]:
        """Return key and value of the derived texts, by the ids of their meetings."""
        ...

    def analyze_again(self, progress: Progress = ignore_progress) -> None:
        """Make the index of terms again from the passages."""
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
