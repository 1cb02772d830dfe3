"""The store methods that SQLite and PostgreSQL share."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

from meetscribe.errors import Notice
from meetscribe.library.analysis import VERSION
from meetscribe.library.stores.expression import Expression
from meetscribe.library.stores.filters import condition_of
from meetscribe.library.stores.protocol import Match, Vectors
from meetscribe.library.stores.rows import COLUMNS, LAST, SHIFT, meeting_of, meeting_row, require_fit
from meetscribe.library.values import Access, Filter, Meeting, Passage, Record
from meetscribe.runtime.progress import Progress, ignore_progress

Rows: TypeAlias = Sequence[Mapping[str, Any]]
"""The rows of a result as mappings of column names to values."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The parts of queries that differ between the databases. Parameters are written `:name`.

    `in_list` is the condition that a `{column}` is in the list of a parameter `{name}`. `ranked` and `latest` select
    the numbers and scores of passages in the meetings of `{chosen}`: `ranked` those that match `:match`, the best
    first, and `latest` those that do not match `:excluded`, the last added first. `binary` is the collation by code
    points.
    """

    in_list: str
    ranked: str
    latest: str
    binary: str = ""


class SqlStore(ABC):
    """A library in the tables of `MIGRATIONS`, with an index of terms, as `Store` describes.

    A subclass connects to its database, creates the tables and maintains the index. The methods are thread-safe.
    """

    dialect: Dialect
    notices: tuple[Notice, ...] = ()

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def put(self, record: Record) -> None:
        """Store a meeting, as `Store.put` describes; raises OutputError for more than a million passages."""
        require_fit(record)
        with self._transaction():
            (row,) = self._run(_PUT, meeting_row(record.meeting))
            self._delete(row["number"])
            self._insert_passages(row["number"], record)

    def update_source(self, meeting: Meeting) -> None:
        """Store the source file and the availability of an existing meeting."""
        with self._transaction():
            self._run(_UPDATE_SOURCE, meeting_row(meeting))

    def remove(self, id: str) -> bool:
        """Remove a meeting, and return whether it existed."""
        with self._transaction():
            rows = self._run("DELETE FROM meetings WHERE id = :id RETURNING number", {"id": id})
            for row in rows:
                self._delete(row["number"])
        return bool(rows)

    def set_access(self, id: str, access: Access) -> None:
        """Set the access to a meeting."""
        with self._transaction():
            self._run(_SET_ACCESS, {"id": id, "value": access})

    def meetings(self, chosen: Filter) -> list[Meeting]:
        """Return the meetings selected by the filter, the latest first."""
        condition, values = self._condition(chosen)
        return self._meetings(condition, values)

    def languages(self) -> list[str]:
        """Return the languages of all meetings."""
        return sorted(row["language"] for row in self._run("SELECT DISTINCT language FROM meetings"))

    def passages(self, id: str, first: int = 0, count: int | None = None) -> list[Passage]:
        """Return `count` passages of a meeting from position `first` on, or all remaining ones for None."""
        last = LAST if count is None else min(LAST, first + count - 1)
        return [Passage(**row) for row in self._run(_PASSAGES, {"id": id, "first": first, "last": last})]

    def search(self, expression: Expression, chosen: Filter, limit: int) -> list[Match]:
        """Return the matching passages, the best first."""
        condition, values = self._condition(chosen)
        best = self.dialect.latest if expression.is_empty else self.dialect.ranked
        text = best.format(chosen=f"SELECT number FROM meetings WHERE {condition}")
        rows = self._run(_MATCHES.format(text), {**values, **self._match(expression), "limit": limit})
        return [Match(row["id"], row["position"], row["score"]) for row in rows]

    def put_vectors(self, vectors: Vectors, embedder: str, content: str) -> None:
        """Store the vectors of a meeting, replacing others, if its file still has the hash `content`."""
        values = {**vectors._asdict(), "embedder": embedder, "content": content}
        with self._transaction():
            self._run(_PUT_VECTORS, values)

    def vectors(self, chosen: Filter, embedder: str) -> Iterator[Vectors]:
        """Yield the vectors of an embedder in the meetings selected by the filter, read in batches."""
        condition, values = self._condition(chosen)
        last = -1
        while rows := self._run(_VECTORS.format(condition), {**values, "embedder": embedder, "last": last}):
            yield from (Vectors(row["id"], row["positions"], row["vectors"]) for row in rows)
            last = rows[-1]["number"]

    def without_vectors(self, embedder: str) -> list[Meeting]:
        """Return the meetings without vectors of an embedder, except hidden ones."""
        condition, _ = self._condition(Filter())
        missing = f"{condition} AND number NOT IN (SELECT number FROM vectors WHERE embedder = :embedder)"
        return self._meetings(missing, {"embedder": embedder})

    def put_note(self, id: str, key: str, value: str, content: str) -> None:
        """Store a text derived from a meeting, if its file still has the hash `content`."""
        with self._transaction():
            self._run(_PUT_NOTE, {"id": id, "key": key, "value": value, "content": content})

    def notes(self) -> dict[str, tuple[str, str]]:
        """Return the key and value of each derived text by meeting id."""
        return {row["id"]: (row["key"], row["value"]) for row in self._run(_NOTES)}

    def rebuild_index(self, progress: Progress = ignore_progress) -> None:
        """Rebuild the index of terms from the passages."""
        with self._transaction():
            self._clear_terms()
            meetings = self._run("SELECT number, id, language FROM meetings")
            for done, meeting in enumerate(meetings):
                progress(done / len(meetings))
                self._index_terms(meeting["number"], self.passages(meeting["id"]), meeting["language"])
            self._set("analysis", VERSION)
        progress(1.0)

    def _update_analysis(self) -> None:
        """Rebuild the index of terms unless it was built by the current version of the analysis."""
        if self._setting("analysis") != VERSION:
            self.rebuild_index()

    def _setting(self, name: str) -> str | None:
        """Return a value of the table `about`."""
        rows = self._run("SELECT value FROM about WHERE name = :name", {"name": name})
        return rows[0]["value"] if rows else None

    def _set(self, name: str, value: str) -> None:
        """Store a value in the table `about`."""
        self._run(_SET, {"name": name, "value": value})

    def _meetings(self, condition: str, values: Mapping[str, Any]) -> list[Meeting]:
        """Return the meetings that meet a condition, the latest first."""
        return [meeting_of(row) for row in self._run(_MEETINGS.format(condition, self.dialect.binary), values)]

    def _delete(self, number: int) -> None:
        """Delete the passages of a meeting, and its vectors and notes."""
        self._delete_passages(number)
        for table in ("vectors", "notes"):
            self._run(f"DELETE FROM {table} WHERE number = :number", {"number": number})

    def _condition(self, chosen: Filter) -> tuple[str, dict[str, Any]]:
        """Return the SQL condition of a filter, and the values of its parameters."""
        return condition_of(chosen, self.dialect.in_list, self.languages() if chosen.languages else ())

    @abstractmethod
    def _run(self, query: str, values: Mapping[str, Any] | None = None) -> Rows:
        """Run a statement and return its rows, empty if it has no result; raises OutputError."""

    @abstractmethod
    def _transaction(self) -> AbstractContextManager[object]:
        """Open a transaction that is committed, or rolled back after an exception."""

    @abstractmethod
    def _match(self, expression: Expression) -> dict[str, str | None]:
        """Return the parameters of the dialect's queries for an expression, in the syntax of the database."""

    @abstractmethod
    def _insert_passages(self, number: int, record: Record) -> None:
        """Insert the passages of a meeting with their terms."""

    @abstractmethod
    def _delete_passages(self, number: int) -> None:
        """Delete the passages of a meeting with their terms."""

    @abstractmethod
    def _clear_terms(self) -> None:
        """Delete all terms."""

    @abstractmethod
    def _index_terms(self, number: int, passages: Sequence[Passage], language: str) -> None:
        """Store the terms of a meeting's existing passages."""


_NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join(f":{name}" for name in COLUMNS)
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
_PUT = f"INSERT INTO meetings ({_NAMES}) VALUES ({_VALUES}) ON CONFLICT (id) DO UPDATE SET {_CHANGES} RETURNING number"
_UPDATE_SOURCE = """
UPDATE meetings SET path = :path, content = :content, size = :size, modified = :modified, available = :available
WHERE id = :id
"""
_SET_ACCESS = "INSERT INTO access VALUES (:id, :value) ON CONFLICT (id) DO UPDATE SET value = excluded.value"
_SET = "INSERT INTO about VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_MEETINGS = """
SELECT meetings.*, (SELECT value FROM access WHERE access.id = meetings.id) AS access FROM meetings WHERE {0}
ORDER BY recorded_at IS NULL, recorded_at{1} DESC, title{1}, id{1}
"""
_PASSAGES = f"""
SELECT passages.number & {LAST} AS position, start, "end", speaker, text, word FROM meetings JOIN passages
ON passages.number BETWEEN (meetings.number << {SHIFT}) + :first AND (meetings.number << {SHIFT}) + :last
WHERE id = :id ORDER BY passages.number
"""
_MATCHES = f"""
SELECT id, hits.number & {LAST} AS position, score FROM ({{0}}) AS hits
JOIN meetings ON meetings.number = hits.number >> {SHIFT} ORDER BY score DESC, hits.number DESC
"""
_PUT_VECTORS = """
INSERT INTO vectors (number, embedder, positions, vectors)
SELECT number, :embedder, :positions, :rows FROM meetings WHERE id = :meeting AND content = :content
ON CONFLICT (number) DO UPDATE
SET embedder = excluded.embedder, positions = excluded.positions, vectors = excluded.vectors
"""
_VECTORS = """
SELECT vectors.number AS number, id, positions, vectors FROM vectors JOIN meetings ON meetings.number = vectors.number
WHERE {0} AND embedder = :embedder AND vectors.number > :last ORDER BY vectors.number LIMIT 100
"""
_PUT_NOTE = """
INSERT INTO notes (number, key, value) SELECT number, :key, :value FROM meetings WHERE id = :id AND content = :content
ON CONFLICT (number) DO UPDATE SET key = excluded.key, value = excluded.value
"""
_NOTES = "SELECT id, key, value FROM notes JOIN meetings ON meetings.number = notes.number"
