"""The library in one SQLite file: the default, which needs no server."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from meetscribe.errors import Notice, OutputError, os_reason
from meetscribe.library.analysis import VERSION, index_terms, name_terms
from meetscribe.library.stores.expression import Expression
from meetscribe.library.stores.network_folders import network_file_system
from meetscribe.library.stores.protocol import Match
from meetscribe.library.stores.rows import COLUMNS, meeting_of, meeting_row
from meetscribe.library.stores.sqlite_schema import DROP_TERMS, SHIFT, TERMS, migrate, statements
from meetscribe.library.stores.sqlite_search import (
    LATEST,
    MEETINGS,
    RANKED,
    excluded_text,
    filter_values,
    match_text,
)
from meetscribe.library.values import Access, Filter, Meeting, Passage, Record
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.storage.files import folder_lock

BUSY_SECONDS = 60.0
"""How long an operation waits for another process that writes."""

_OLDEST = (3, 37)
_LAST = (1 << SHIFT) - 1
_REMEDY = "Choose another file with --library, or with library.location in the settings."
_NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join(f":{name}" for name in COLUMNS)
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
_PUT = f"INSERT INTO meetings ({_NAMES}) VALUES ({_VALUES}) ON CONFLICT (id) DO UPDATE SET {_CHANGES}"


class SqliteStore:
    """A library in a file of mode 0600, as `Store` describes. Its methods may be called from any thread."""

    def __init__(self, file: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, and create it and its folder if needed; raises OutputError, also for a newer version."""
        self._file = file
        self._lock = threading.RLock()
        network = network_file_system(file.parent)
        self.notices = (_network_notice(file, network),) if network else ()
        _check_version()
        with self._errors():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
            file.chmod(0o600)
            with folder_lock(file.parent):
                self._database = _connect(file, busy_seconds, wal=network is None)
                migrate(self._database, str(file))
        if self._analysis() != VERSION:
            self.analyze_again()

    @property
    def place(self) -> str:
        """The path of the file."""
        return str(self._file)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def put(self, record: Record) -> None:
        """Store a meeting, as `Store.put` describes; raises OutputError for more than a million passages."""
        if len(record.passages) > _LAST:
            raise OutputError(f"{record.meeting.title} has more than {_LAST} passages", "Divide the transcript.")
        terms = [_terms(passage, record.meeting.language) for passage in record.passages]
        pairs = sorted(set().union(*(found for _, _, found in terms)))
        with self._transaction() as database:
            database.execute(_PUT, meeting_row(record.meeting))
            (number,) = database.execute("SELECT number FROM meetings WHERE id = ?", (record.meeting.id,)).fetchone()
            _delete_passages(database, number)
            first = number << SHIFT
            database.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                ((first | p.position, p.start, p.end, p.speaker, p.text, p.word) for p in record.passages),
            )
            rows = zip(record.passages, terms, strict=True)
            _insert_terms(database, ((first | p.position, words, name) for p, (words, name, _) in rows))
            _insert_vocabulary(database, pairs)

    def update_source(self, meeting: Meeting) -> None:
        """Store the source file and the availability of a meeting that is there."""
        with self._transaction() as database:
            database.execute(
                "UPDATE meetings SET path = :path, content = :content, size = :size, modified = :modified, "
                "available = :available WHERE id = :id",
                meeting_row(meeting),
            )

    def remove(self, id: str) -> bool:
        """Remove a meeting, and return whether it was there."""
        with self._transaction() as database:
            row = database.execute("SELECT number FROM meetings WHERE id = ?", (id,)).fetchone()
            if row is None:
                return False
            _delete_passages(database, row["number"])
            database.execute("DELETE FROM meetings WHERE number = ?", (row["number"],))
        return True

    def set_access(self, id: str, access: Access) -> None:
        """Set who sees a meeting."""
        with self._transaction() as database:
            database.execute(
                "INSERT INTO access VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value", (id, access)
            )

    def meetings(self, chosen: Filter) -> list[Meeting]:
        """Return the meetings that the filter admits, the latest first."""
        return [meeting_of(row) for row in self._read(MEETINGS, filter_values(chosen))]

    def languages(self) -> list[str]:
        """Return the languages of all meetings."""
        return [row["language"] for row in self._read("SELECT DISTINCT language FROM meetings ORDER BY language")]

    def passages(self, id: str, first: int = 0, count: int | None = None) -> list[Passage]:
        """Return passages of a meeting."""
        rows = self._read(
            f"SELECT passages.*, passages.number & {_LAST} AS position FROM meetings JOIN passages "
            f"ON passages.number BETWEEN (meetings.number << {SHIFT}) + ? AND (meetings.number << {SHIFT}) + ? "
            "WHERE id = ? ORDER BY passages.number",
            (first, _LAST if count is None else min(_LAST, first + count - 1), id),
        )
        return [Passage(r["position"], r["start"], r["end"], r["speaker"], r["text"], r["word"]) for r in rows]

    def search(self, expression: Expression, chosen: Filter, limit: int) -> list[Match]:
        """Return the passages that match, the best first."""
        values = {**filter_values(chosen), "limit": limit}
        if expression.is_empty:
            rows = self._read(LATEST, {**values, "excluded": excluded_text(expression) or None})
        else:
            rows = self._read(RANKED, {**values, "match": match_text(expression)})
        ids = {row["number"]: row["id"] for row in self._read("SELECT number, id FROM meetings")} if rows else {}
        found = ((ids.get(number >> SHIFT), number & _LAST, score) for number, score in rows)
        return [Match(id, position, score) for id, position, score in found if id is not None]

    def terms_with(self, part: str, limit: int) -> list[str]:
        """Return terms of words that contain a part, the shortest words first."""
        rows = self._read(
            "SELECT DISTINCT term FROM parts JOIN vocabulary ON number = parts.rowid WHERE parts MATCH ? "
            "ORDER BY length(vocabulary.form), vocabulary.form LIMIT ?",
            (f'"{part}"', limit),
        )
        return [row["term"] for row in rows]

    def analyze_again(self, progress: Progress = ignore_progress) -> None:
        """Make the index of terms again from the passages."""
        with self._transaction() as database:
            for statement in (*statements(DROP_TERMS), *statements(TERMS)):
                database.execute(statement)
            meetings = database.execute("SELECT number, id, language FROM meetings").fetchall()
            for done, meeting in enumerate(meetings):
                progress(done / len(meetings))
                first = meeting["number"] << SHIFT
                terms = [(first | p.position, *_terms(p, meeting["language"])) for p in self.passages(meeting["id"])]
                _insert_terms(database, ((number, words, name) for number, words, name, _ in terms))
                _insert_vocabulary(database, sorted(set().union(*(pairs for *_, pairs in terms))))
            database.execute(
                "INSERT INTO about VALUES ('analysis', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (VERSION,),
            )
        progress(1.0)

    def check(self) -> list[str]:
        """Return the defects of the file and of the index."""
        found = [str(row[0]) for row in self._read("PRAGMA quick_check") if row[0] != "ok"]
        for table in ("terms", "parts"):
            try:
                with self._lock:
                    self._database.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
            except sqlite3.DatabaseError as error:
                found.append(f"the index {table}: {error}")
        return found

    def size(self) -> int:
        """Return the size of the file and its log in bytes."""
        files = (self._file, self._file.with_name(f"{self._file.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def _analysis(self) -> str | None:
        """Return the version of the analysis that made the index; None for a new database."""
        rows = self._read("SELECT value FROM about WHERE name = 'analysis'")
        return rows[0]["value"] if rows else None

    def _read(self, query: str, values: Any = ()) -> list[sqlite3.Row]:
        """Return the rows of a query."""
        with self._lock, self._errors():
            return self._database.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the database in a transaction that is committed, or rolled back after an exception."""
        with self._lock, self._errors():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise OutputError in place of the errors of SQLite and of the system."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            text = os_reason(error) if isinstance(error, OSError) else str(error)
            if "locked" in text:
                raise OutputError(f"{self._file} is in use by another process", "Try again later.") from error
            damaged = "malformed" in text or "not a database" in text
            remedy = "Move the file away and add the transcripts again: it is only an index." if damaged else _REMEDY
            raise OutputError(f"{self._file}: {text}", remedy) from error


def _connect(file: Path, busy_seconds: float, wal: bool) -> sqlite3.Connection:
    """Open a database; `wal` allows readers while another process writes."""
    database = sqlite3.connect(file, timeout=busy_seconds, check_same_thread=False, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA cache_size = -65536")
    return database


def _check_version() -> None:
    """Raise OutputError if Python's SQLite cannot hold a library."""
    if sqlite3.sqlite_version_info < _OLDEST:
        needed = ".".join(map(str, _OLDEST))
        raise OutputError(
            f"Python has SQLite {sqlite3.sqlite_version}; a library needs {needed} or later",
            "Use a newer Python, or a library in PostgreSQL.",
        )


def _network_notice(file: Path, kind: str) -> Notice:
    """Return the warning about a database in a network folder."""
    return Notice(
        "library.network-folder",
        f"{file} is in a network folder ({kind}), where processes on several machines can damage a SQLite file. "
        "Use a local folder, or PostgreSQL.",
        {"path": str(file), "kind": kind},
    )


def _terms(passage: Passage, language: str) -> tuple[str, str, set[tuple[str, str]]]:
    """Return the terms of a passage, those of its speaker, and its part of the vocabulary."""
    words, pairs = index_terms(passage.text, language)
    return words, name_terms(passage.speaker or ""), pairs


def _delete_passages(database: sqlite3.Connection, number: int) -> None:
    """Delete the passages of a meeting and their terms."""
    for table, key in (("terms", "rowid"), ("passages", "number")):
        database.execute(
            f"DELETE FROM {table} WHERE {key} BETWEEN ? AND ?", (number << SHIFT, (number << SHIFT) + _LAST)
        )


def _insert_terms(database: sqlite3.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Insert the terms of passages."""
    database.executemany("INSERT INTO terms (rowid, words, speaker) VALUES (?, ?, ?)", rows)


def _insert_vocabulary(database: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Insert pairs of word and term that are new."""
    database.executemany("INSERT OR IGNORE INTO vocabulary (form, term) VALUES (?, ?)", pairs)
