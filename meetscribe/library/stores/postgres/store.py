"""The library in a PostgreSQL database, which several machines may share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from meetscribe.errors import OutputError, first_line
from meetscribe.library.analysis import index_terms, name_terms
from meetscribe.library.stores.expression import Expression
from meetscribe.library.stores.postgres.schema import LOCK, MIGRATIONS, PREPARE, SCHEMA, TRIGRAMS
from meetscribe.library.stores.postgres.search import DIALECT, excluded_text, match_text, vector_text
from meetscribe.library.stores.rows import LAST, SHIFT
from meetscribe.library.stores.sql_store import Rows, SqlStore
from meetscribe.library.values import Passage, Record

if TYPE_CHECKING:
    import psycopg

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")  # ":name", but not the type in "value::type"


class PostgresStore(SqlStore):
    """A library in a schema of a PostgreSQL database, as `Store` describes.

    Keep the password in ~/.pgpass or PGPASSWORD; messages never contain it.
    """

    dialect = DIALECT

    def __init__(self, address: str) -> None:
        """Connect to the database and create the tables if needed; raises OutputError, also if psycopg is missing."""
        super().__init__()
        self._address = address
        self.location = _without_password(address)
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
        self._update_analysis()

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._database.close()

    def terms_with(self, part: str, limit: int) -> list[str]:
        """Return terms of words that contain a part, the shortest words first."""
        rows = self._run(_TERMS_WITH, {"part": f"%{part}%", "limit": limit})
        return [row["term"] for row in rows]

    def check(self) -> list[str]:
        """Return the meetings with missing passages; PostgreSQL checks its indexes itself."""
        return [f"meeting {row['id']} lacks passages" for row in self._run(_COUNTS) if row["passages"] != row["found"]]

    def size(self) -> int:
        """Return the size of the tables and indexes in bytes."""
        (row,) = self._run(_SIZE, {"schema": SCHEMA})
        return int(row["size"])

    def _run(self, query: str, values: Mapping[str, Any] | None = None) -> Rows:
        """Run a statement and return its rows."""
        text = _PARAMETER.sub(r"%(\1)s", query).encode()
        with self._lock, self._translated():
            cursor = self._connected().execute(text, values or {})
            return cursor.fetchall() if cursor.description else []

    def _match(self, expression: Expression) -> dict[str, str | None]:
        """Return the parameters of an expression."""
        match = None if expression.is_empty else match_text(expression)
        return {"match": match, "excluded": excluded_text(expression) or None}

    def _insert_passages(self, number: int, record: Record) -> None:
        """Insert the passages of a meeting with their terms."""
        terms, pairs = _terms(record.passages, record.meeting.language)
        columns: dict[str, list[Any]] = {
            name: [getattr(p, name) for p in record.passages] for name in ("start", "end", "speaker", "text", "word")
        }
        numbers = [number << SHIFT | p.position for p in record.passages]
        self._run(_INSERT_PASSAGES, {**columns, "numbers": numbers, "terms": terms})
        self._add_vocabulary(pairs)

    def _delete_passages(self, number: int) -> None:
        """Delete the passages of a meeting with their terms."""
        span = {"first": number << SHIFT, "last": number << SHIFT | LAST}
        self._run("DELETE FROM passages WHERE number BETWEEN :first AND :last", span)

    def _clear_terms(self) -> None:
        """Empty the vocabulary; the terms of the passages are replaced meeting by meeting."""
        self._run("LOCK TABLE meetings, passages IN SHARE ROW EXCLUSIVE MODE")
        self._run("TRUNCATE vocabulary")

    def _index_terms(self, number: int, passages: Sequence[Passage], language: str) -> None:
        """Replace the terms of the passages of a meeting."""
        terms, pairs = _terms(passages, language)
        self._run(_UPDATE_TERMS, {"numbers": [number << SHIFT | p.position for p in passages], "terms": terms})
        self._add_vocabulary(pairs)

    def _add_vocabulary(self, pairs: set[tuple[str, str]]) -> None:
        """Insert new pairs of word and term in a fixed order, which prevents deadlocks between processes."""
        ordered = sorted(pairs)
        values = {"forms": [form for form, _ in ordered], "terms": [term for _, term in ordered]}
        self._run(_VOCABULARY, values)

    def _connect(self) -> psycopg.Connection[dict[str, Any]]:
        """Return a new connection with the schema of the library as its search path."""
        import psycopg
        from psycopg.rows import dict_row

        options = f"-c search_path={SCHEMA},public -c lock_timeout=60s"
        return psycopg.connect(self._address, autocommit=True, row_factory=dict_row, options=options)

    def _migrate(self) -> None:
        """Migrate the tables to the current version in one transaction; raises OutputError for a newer version."""
        with self._database.transaction():
            self._database.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            self._database.execute(PREPARE)
            done = int(self._setting("schema") or 0)
            if done > len(MIGRATIONS):
                raise OutputError(f"{self.location} was written by a newer version of meetscribe", "Update meetscribe.")
            for step in MIGRATIONS[done:]:
                self._database.execute(step.encode())
            if done < len(MIGRATIONS):
                self._set("schema", str(len(MIGRATIONS)))
                with suppress(*self._errors), self._database.transaction():
                    self._database.execute(TRIGRAMS)

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """Yield the database in a transaction that is committed, or rolled back after an exception."""
        with self._lock, self._translated(), self._connected().transaction():
            yield self._database

    def _connected(self) -> psycopg.Connection[dict[str, Any]]:
        """Return the connection, reconnecting if the server closed it."""
        if self._database.closed:
            self._database = self._connect()
        return self._database

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate errors of psycopg to OutputError."""
        try:
            yield
        except self._errors as error:
            remedy = "Check the address of the library, and that the server is running."
            raise OutputError(f"{self.location}: {first_line(error)}", remedy) from error


def _terms(passages: Sequence[Passage], language: str) -> tuple[list[str], set[tuple[str, str]]]:
    """Return the terms of each passage as a tsvector, and the vocabulary pairs of all passages."""
    vectors: list[str] = []
    pairs: set[tuple[str, str]] = set()
    for passage in passages:
        words, found = index_terms(passage.text, language)
        vectors.append(vector_text(words, name_terms(passage.speaker or "")))
        pairs |= found
    return vectors, pairs


def _without_password(address: str) -> str:
    """Return an address without its password and parameters.

    >>> _without_password("postgresql://anna:secret@localhost:5433/meetings?password=x")
    'postgresql://anna@localhost:5433/meetings'
    """
    parts = urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{user.partition(':')[0]}{'@' if user else ''}{host}{parts.path}"


_INSERT_PASSAGES = """
INSERT INTO passages SELECT * FROM unnest(
    :numbers::bigint[], :start::float8[], :end::float8[], :speaker::text[], :text::text[], :word::text[],
    :terms::tsvector[]
)
"""
_UPDATE_TERMS = """
UPDATE passages SET terms = made.terms FROM unnest(:numbers::bigint[], :terms::tsvector[]) AS made (number, terms)
WHERE passages.number = made.number
"""
_VOCABULARY = "INSERT INTO vocabulary SELECT * FROM unnest(:forms::text[], :terms::text[]) ON CONFLICT DO NOTHING"
_TERMS_WITH = """
SELECT term FROM vocabulary WHERE form LIKE :part GROUP BY term
ORDER BY min(length(form)), min(form COLLATE "C") LIMIT :limit
"""
_COUNTS = f"""
SELECT id, passages, (SELECT count(*) FROM passages AS p WHERE p.number >> {SHIFT} = m.number) AS found
FROM meetings AS m
"""
_SIZE = """
SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS size FROM pg_class
WHERE relkind = 'r' AND relnamespace = :schema::regnamespace
"""
