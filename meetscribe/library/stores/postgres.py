"""The library in a PostgreSQL database, which several machines may share."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from meetscribe.errors import Notice, OutputError, first_line
from meetscribe.library.analysis import VERSION, index_terms, name_terms
from meetscribe.library.stores.expression import Expression
from meetscribe.library.stores.postgres_schema import LOCK, MIGRATIONS, PREPARE, SCHEMA, TRIGRAMS
from meetscribe.library.stores.postgres_search import (
    LATEST,
    MEETINGS,
    RANKED,
    excluded_text,
    filter_values,
    match_text,
    vector_text,
)
from meetscribe.library.stores.protocol import Match
from meetscribe.library.stores.rows import COLUMNS, meeting_of, meeting_row
from meetscribe.library.stores.sqlite_schema import SHIFT
from meetscribe.library.values import Access, Filter, Meeting, Passage, Record
from meetscribe.runtime.progress import Progress, ignore_progress

if TYPE_CHECKING:
    import psycopg

_LAST = (1 << SHIFT) - 1
_NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join(f"%({name})s" for name in COLUMNS)
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
_PUT = f"INSERT INTO meetings ({_NAMES}) VALUES ({_VALUES}) ON CONFLICT (id) DO UPDATE SET {_CHANGES} RETURNING number"
_PASSAGES = """
INSERT INTO passages SELECT * FROM unnest(
    %s::bigint[], %s::float8[], %s::float8[], %s::text[], %s::text[], %s::text[], %s::tsvector[]
)
"""
_VOCABULARY = "INSERT INTO vocabulary SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING"
_SETTING = "INSERT INTO about VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


class PostgresStore:
    """A library in a schema of a PostgreSQL database, as `Store` describes. Its methods may be called from any thread.

    The password is best left to ~/.pgpass or PGPASSWORD; it is in no message.
    """

    notices: tuple[Notice, ...] = ()

    def __init__(self, address: str) -> None:
        """Connect to the database, and create the tables if needed; raises OutputError, also without psycopg."""
        self._address = address
        self._lock = threading.RLock()
        self.place = _without_password(address)
        try:
            import psycopg  # an optional package
        except ImportError as error:
            raise OutputError(
                f"a library in PostgreSQL requires psycopg: {error}", "pip install 'psycopg[binary]>=3.2,<4'"
            ) from error
        self._errors: tuple[type[Exception], ...] = (psycopg.Error,)
        with self._translated():
            self._database = self._connect()
            try:
                self._migrate()
            except BaseException:
                self._database.close()
                raise
        if self._setting("analysis") != VERSION:
            self.analyze_again()

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._database.close()

    def put(self, record: Record) -> None:
        """Store a meeting, as `Store.put` describes; raises OutputError for more than a million passages."""
        if len(record.passages) > _LAST:
            raise OutputError(f"{record.meeting.title} has more than {_LAST} passages", "Divide the transcript.")
        terms = [_terms(passage, record.meeting.language) for passage in record.passages]
        with self._transaction() as database:
            row = database.execute(_PUT, meeting_row(record.meeting)).fetchone()
            assert row is not None
            first = row["number"] << SHIFT
            database.execute("DELETE FROM passages WHERE number BETWEEN %s AND %s", (first, first + _LAST))
            columns = [
                (first | p.position, p.start, p.end, p.speaker, p.text, p.word, vector)
                for p, (vector, _) in zip(record.passages, terms, strict=True)
            ]
            database.execute(_PASSAGES, [list(column) for column in zip(*columns, strict=True)] or [[]] * 7)
            _add_vocabulary(database, set().union(*(pairs for _, pairs in terms)))

    def update_source(self, meeting: Meeting) -> None:
        """Store the source file and the availability of a meeting that is there."""
        names = ("path", "content", "size", "modified", "available")
        changes = ", ".join(f"{name} = %({name})s" for name in names)
        with self._transaction() as database:
            database.execute(f"UPDATE meetings SET {changes} WHERE id = %(id)s", meeting_row(meeting))

    def remove(self, id: str) -> bool:
        """Remove a meeting, and return whether it was there."""
        with self._transaction() as database:
            row = database.execute("DELETE FROM meetings WHERE id = %s RETURNING number", (id,)).fetchone()
            if row is not None:
                first = row["number"] << SHIFT
                database.execute("DELETE FROM passages WHERE number BETWEEN %s AND %s", (first, first + _LAST))
        return row is not None

    def set_access(self, id: str, access: Access) -> None:
        """Set who sees a meeting."""
        with self._transaction() as database:
            database.execute(
                "INSERT INTO access VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET value = excluded.value", (id, access)
            )

    def meetings(self, chosen: Filter) -> list[Meeting]:
        """Return the meetings that the filter admits, the latest first."""
        return [meeting_of(row) for row in self._read(MEETINGS, filter_values(chosen))]

    def languages(self) -> list[str]:
        """Return the languages of all meetings."""
        return sorted(row["language"] for row in self._read("SELECT DISTINCT language FROM meetings"))

    def passages(self, id: str, first: int = 0, count: int | None = None) -> list[Passage]:
        """Return passages of a meeting."""
        rows = self._read(
            f'SELECT (passages.number & {_LAST})::int AS position, start, "end", speaker, text, word '
            f"FROM meetings JOIN passages ON passages.number BETWEEN (meetings.number << {SHIFT}) + %s "
            f"AND (meetings.number << {SHIFT}) + %s WHERE id = %s ORDER BY passages.number",
            (first, _LAST if count is None else min(_LAST, first + count - 1), id),
        )
        return [Passage(**row) for row in rows]

    def search(self, expression: Expression, chosen: Filter, limit: int) -> list[Match]:
        """Return the passages that match, the best first."""
        values = {**filter_values(chosen), "limit": limit}
        if expression.is_empty:
            rows = self._read(LATEST, {**values, "excluded": excluded_text(expression) or None})
        else:
            rows = self._read(RANKED, {**values, "match": match_text(expression)})
        numbers = sorted({row["number"] >> SHIFT for row in rows})
        named = self._read("SELECT number, id FROM meetings WHERE number = ANY (%s)", (numbers,)) if rows else []
        ids = {row["number"]: row["id"] for row in named}
        found = ((ids.get(row["number"] >> SHIFT), row["number"] & _LAST, row["score"]) for row in rows)
        return [Match(id, position, score) for id, position, score in found if id is not None]

    def terms_with(self, part: str, limit: int) -> list[str]:
        """Return terms of words that contain a part, the shortest words first."""
        rows = self._read(
            "SELECT term FROM vocabulary WHERE form LIKE %s GROUP BY term "
            'ORDER BY min(length(form)), min(form COLLATE "C") LIMIT %s',
            (f"%{part}%", limit),
        )
        return [row["term"] for row in rows]

    def analyze_again(self, progress: Progress = ignore_progress) -> None:
        """Make the index of terms again from the passages."""
        with self._transaction() as database:
            database.execute("LOCK TABLE meetings, passages IN SHARE ROW EXCLUSIVE MODE")
            database.execute("TRUNCATE vocabulary")
            meetings = database.execute("SELECT number, id, language FROM meetings").fetchall()
            for done, meeting in enumerate(meetings):
                progress(done / len(meetings))
                first = meeting["number"] << SHIFT
                terms = [(p.position, *_terms(p, meeting["language"])) for p in self.passages(meeting["id"])]
                database.execute(
                    "UPDATE passages SET terms = made.terms FROM unnest(%s::bigint[], %s::tsvector[]) "
                    "AS made (number, terms) WHERE passages.number = made.number",
                    ([first | position for position, _, _ in terms], [vector for _, vector, _ in terms]),
                )
                _add_vocabulary(database, set().union(*(pairs for _, _, pairs in terms)))
            database.execute(_SETTING, ("analysis", VERSION))
        progress(1.0)

    def check(self) -> list[str]:
        """Return the meetings whose passages are not as many as they were; PostgreSQL itself checks its indexes."""
        rows = self._read(
            f"SELECT id, passages, (SELECT count(*) FROM passages AS p WHERE p.number >> {SHIFT} = m.number) AS found "
            "FROM meetings AS m"
        )
        return [f"meeting {row['id']} lacks passages" for row in rows if row["passages"] != row["found"]]

    def size(self) -> int:
        """Return the size of the tables and indexes in bytes."""
        (row,) = self._read(
            "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS size FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = %s::regnamespace",
            (SCHEMA,),
        )
        return int(row["size"])

    def _connect(self) -> psycopg.Connection[dict[str, Any]]:
        """Return a new connection, whose search path is the schema of the library."""
        import psycopg
        from psycopg.rows import dict_row

        options = f"-c search_path={SCHEMA},public -c lock_timeout=60s"
        return psycopg.connect(self._address, autocommit=True, row_factory=dict_row, options=options)

    def _migrate(self) -> None:
        """Bring the tables to the present version, in one transaction; raises OutputError for a newer one."""
        with self._database.transaction():
            self._database.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            self._database.execute(PREPARE)
            done = int(self._setting("schema") or 0)
            if done > len(MIGRATIONS):
                raise OutputError(f"{self.place} was written by a newer version of meetscribe", "Update meetscribe.")
            for step in MIGRATIONS[done:]:
                self._database.execute(step.encode())
            if done < len(MIGRATIONS):
                self._database.execute(_SETTING, ("schema", str(len(MIGRATIONS))))
                with suppress(*self._errors), self._database.transaction():
                    self._database.execute(TRIGRAMS)

    def _setting(self, name: str) -> str | None:
        """Return a value of the table `about`."""
        rows = self._read("SELECT value FROM about WHERE name = %s", (name,))
        return rows[0]["value"] if rows else None

    def _read(self, query: str, values: Mapping[str, Any] | tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        with self._lock, self._translated():
            return self._connected().execute(query.encode(), values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """Yield the database in a transaction that is committed, or rolled back after an exception."""
        with self._lock, self._translated(), self._connected().transaction():
            yield self._database

    def _connected(self) -> psycopg.Connection[dict[str, Any]]:
        """Return the connection, which is made again if the server closed it."""
        if self._database.closed:
            self._database = self._connect()
        return self._database

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raise OutputError in place of the errors of psycopg."""
        try:
            yield
        except self._errors as error:
            remedy = "Check the address of the library, and that the server is running."
            raise OutputError(f"{self.place}: {first_line(error)}", remedy) from error


def _terms(passage: Passage, language: str) -> tuple[str, set[tuple[str, str]]]:
    """Return the terms of a passage as a tsvector, and its part of the vocabulary."""
    words, pairs = index_terms(passage.text, language)
    return vector_text(words, name_terms(passage.speaker or "")), pairs


def _add_vocabulary(database: psycopg.Connection[dict[str, Any]], pairs: set[tuple[str, str]]) -> None:
    """Insert pairs of word and term that are new, in a fixed order, so that processes cannot block each other."""
    ordered = sorted(pairs)
    database.execute(_VOCABULARY, ([form for form, _ in ordered], [term for _, term in ordered]))


def _without_password(address: str) -> str:
    """Return an address without the password in it, in the place of the user or among the parameters.

    >>> _without_password("postgresql://anna:secret@localhost:5433/meetings?password=x")
    'postgresql://anna@localhost:5433/meetings'
    """
    parts = urlsplit(address)
    user, _, place = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{user.partition(':')[0]}{'@' if user else ''}{place}{parts.path}"
