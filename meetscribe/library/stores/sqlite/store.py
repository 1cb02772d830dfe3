"""The library in one SQLite file: the default, which needs no server."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from meetscribe.errors import Notice, OutputError, os_reason
from meetscribe.library.analysis import index_terms, name_terms
from meetscribe.library.stores.expression import Expression
from meetscribe.library.stores.rows import LAST, SHIFT
from meetscribe.library.stores.sql_store import Rows, SqlStore
from meetscribe.library.stores.sqlite.network_folders import network_file_system
from meetscribe.library.stores.sqlite.schema import DROP_TERMS, TERMS, migrate, statements
from meetscribe.library.stores.sqlite.search import DIALECT, excluded_text, match_text, ranked_words, relevance
from meetscribe.library.values import Passage, Record
from meetscribe.storage.files import folder_lock

BUSY_SECONDS = 60.0
"""The time that an operation waits for another process to finish writing."""

_MIN_VERSION = (3, 37)
_REMEDY = "Choose another file with --library, or with library.location in the settings."


class SqliteStore(SqlStore):
    """A library in a SQLite file of mode 0600, as `Store` describes."""

    dialect = DIALECT

    def __init__(self, file: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, creating it and its folder if needed; raises OutputError, also for a newer version."""
        super().__init__()
        self._file = file
        network = network_file_system(file.parent)
        self.notices = (_network_notice(file, network),) if network else ()
        _check_version()
        with self._translated():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
            file.chmod(0o600)
            with folder_lock(file.parent):
                self._database = _connect(file, busy_seconds, wal=network is None)
                migrate(self._database, str(file))
        self._update_analysis()

    @property
    def location(self) -> str:
        """The path of the file."""
        return str(self._file)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def terms_with(self, part: str, limit: int) -> list[str]:
        """Return terms of words that contain a part, the shortest words first."""
        rows = self._run(_TERMS_WITH, {"part": f'"{part}"', "limit": limit})
        return [row["term"] for row in rows]

    def check(self) -> list[str]:
        """Return the defects of the file and of the index."""
        found = [str(row[0]) for row in self._rows("PRAGMA quick_check") if row[0] != "ok"]
        for table in ("terms", "parts"):
            try:
                with self._lock:
                    self._database.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
            except sqlite3.DatabaseError as error:
                found.append(f"the index {table}: {error}")
        return found

    def size(self) -> int:
        """Return the size of the file and its write-ahead log in bytes."""
        files = (self._file, self._file.with_name(f"{self._file.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def _run(self, query: str, values: Mapping[str, Any] | None = None) -> Rows:
        """Run a statement and return its rows."""
        given = {
            name: json.dumps(value) if isinstance(value, list) else value for name, value in (values or {}).items()
        }
        return self._rows(query, given)  # type: ignore[return-value]  # a Row has names like a mapping

    def _rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[sqlite3.Row]:
        with self._lock, self._translated():
            return self._database.execute(query, values or {}).fetchall()

    def _insert_many(self, query: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self._lock, self._translated():
            self._database.executemany(query, rows)

    def _match(self, expression: Expression) -> dict[str, str | None]:
        """Return the parameters of an expression."""
        match = None if expression.is_empty else match_text(expression)
        return {"match": match, "words": ranked_words(expression), "excluded": excluded_text(expression) or None}

    def _insert_passages(self, number: int, record: Record) -> None:
        """Insert the passages of a meeting with their terms."""
        first = number << SHIFT
        rows = ((first | p.position, p.start, p.end, p.speaker, p.text, p.word) for p in record.passages)
        self._insert_many("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._index_terms(number, record.passages, record.meeting.language)

    def _delete_passages(self, number: int) -> None:
        """Delete the passages of a meeting with their terms."""
        span = {"first": number << SHIFT, "last": number << SHIFT | LAST}
        self._run("DELETE FROM terms WHERE rowid BETWEEN :first AND :last", span)
        self._run("DELETE FROM passages WHERE number BETWEEN :first AND :last", span)

    def _clear_terms(self) -> None:
        """Recreate the tables of the index, empty."""
        for statement in (*statements(DROP_TERMS), *statements(TERMS)):
            self._run(statement)

    def _index_terms(self, number: int, passages: Sequence[Passage], language: str) -> None:
        """Insert the terms of the passages of a meeting."""
        pairs: set[tuple[str, str]] = set()
        rows: list[tuple[object, ...]] = []
        for passage in passages:
            words, found = index_terms(passage.text, language)
            rows.append((number << SHIFT | passage.position, words, name_terms(passage.speaker or "")))
            pairs |= found
        self._insert_many("INSERT INTO terms (rowid, words, speaker) VALUES (?, ?, ?)", rows)
        self._insert_many("INSERT OR IGNORE INTO vocabulary (form, term) VALUES (?, ?)", sorted(pairs))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the database in a transaction that is committed, or rolled back after an exception."""
        with self._lock, self._translated():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate errors of SQLite and of the operating system to OutputError."""
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
    """Open a database; with `wal`, processes can read while another one writes."""
    database = sqlite3.connect(file, timeout=busy_seconds, check_same_thread=False, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA cache_size = -65536")
    database.create_function("relevance", 2, relevance, deterministic=True)
    return database


def _check_version() -> None:
    """Raise OutputError if Python's SQLite is too old for a library."""
    if sqlite3.sqlite_version_info < _MIN_VERSION:
        needed = ".".join(map(str, _MIN_VERSION))
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


_TERMS_WITH = """
SELECT DISTINCT term FROM parts JOIN vocabulary ON number = parts.rowid WHERE parts MATCH :part
ORDER BY length(vocabulary.form), vocabulary.form LIMIT :limit
"""
