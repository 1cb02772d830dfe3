"""The database of jobs in one SQLite file, which survives a restart of the server."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from meetscribe.errors import OutputError
from meetscribe.server.jobs.values import ENDED, Failure, Job, JobOptions

_SCHEMA = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    state TEXT NOT NULL,
    hidden INTEGER NOT NULL,
    ended REAL,
    value TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, number);
PRAGMA user_version = 1;
"""
_VERSION = 1
_BUSY_SECONDS = 10.0


class JobStore:
    """The jobs in the order of their creation. The methods are thread-safe."""

    def __init__(self, file: Path) -> None:
        """Open the database, creating it with mode 0600 if needed; raises OutputError, also for a newer version."""
        self._lock = threading.Lock()
        try:
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = sqlite3.connect(
                file, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA secure_delete = ON")
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                self._connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise OutputError(f"{file}: {error}", "Choose another folder (server.folder).") from error
        if version > _VERSION:
            raise OutputError(f"{file} was written by a newer version of meetscribe", "Update meetscribe.")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def add(self, job: Job) -> None:
        """Store a new job."""
        with self._transaction() as database:
            (number,) = database.execute("SELECT coalesce(max(number), 0) + 1 FROM jobs").fetchone()
            database.execute(
                "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?)",
                (job.id, number, job.state, job.hidden, job.ended, _dump(job)),
            )

    def find(self, id: str) -> Job | None:
        """Return the job with an id, None if there is none."""
        with self._transaction() as database:
            row = database.execute("SELECT value FROM jobs WHERE id = ?", (id,)).fetchone()
        return _parse(row[0]) if row else None

    def update(self, id: str, **changes: Any) -> Job | None:
        """Change fields of a job and return it; None if it does not exist."""
        with self._transaction() as database:
            row = database.execute("SELECT value FROM jobs WHERE id = ?", (id,)).fetchone()
            if row is None:
                return None
            job = replace(_parse(row[0]), **changes)
            _write(database, job)
        return job

    def claim(self) -> Job | None:
        """Mark the oldest queued job as running, and return it; None if no job is queued."""
        with self._transaction() as database:
            row = database.execute("SELECT value FROM jobs WHERE state = 'queued' ORDER BY number LIMIT 1").fetchone()
            if row is None:
                return None
            job = _parse(row[0])
            job = replace(job, state="running", began=time.time(), tries=job.tries + 1)
            _write(database, job)
        return job

    def jobs(self, *, hidden: bool = False, limit: int = 1000) -> list[Job]:
        """Return the latest `limit` jobs, the newest first; hidden jobs only with `hidden`."""
        with self._transaction() as database:
            rows = database.execute(  # hidden is 0 or 1
                "SELECT value FROM jobs WHERE hidden <= ? ORDER BY number DESC LIMIT ?", (hidden, limit)
            ).fetchall()
        return [_parse(value) for (value,) in rows]

    def count(self, *states: str) -> int:
        """Return the number of jobs in these states."""
        placeholders = ", ".join("?" * len(states))
        with self._transaction() as database:
            found: int = database.execute(
                f"SELECT count(*) FROM jobs WHERE state IN ({placeholders})", states
            ).fetchone()[0]
        return found

    def ended_before(self, moment: float) -> list[Job]:
        """Return the jobs that ended before a moment, in seconds since the epoch."""
        placeholders = ", ".join("?" * len(ENDED))
        query = f"SELECT value FROM jobs WHERE state IN ({placeholders}) AND ended < ?"
        with self._transaction() as database:
            return [_parse(value) for (value,) in database.execute(query, (*ENDED, moment)).fetchall()]

    def in_state(self, state: str) -> list[Job]:
        """Return the jobs in a state, the oldest first."""
        with self._transaction() as database:
            query = "SELECT value FROM jobs WHERE state = ? ORDER BY number"
            return [_parse(value) for (value,) in database.execute(query, (state,)).fetchall()]

    def delete(self, id: str) -> None:
        """Delete a job, if it exists, and erase its data from the files of the database."""
        with self._transaction() as database:
            database.execute("DELETE FROM jobs WHERE id = ?", (id,))
        with self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection in an exclusive transaction."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _write(database: sqlite3.Connection, job: Job) -> None:
    """Replace the row of a job."""
    database.execute(
        "UPDATE jobs SET state = ?, ended = ?, value = ? WHERE id = ?", (job.state, job.ended, _dump(job), job.id)
    )


def _dump(job: Job) -> str:
    """Return a job as JSON."""
    return json.dumps(asdict(job), ensure_ascii=False)


def _parse(text: str) -> Job:
    """Return the job in a JSON text; members of later versions are ignored."""
    known = {each.name for each in fields(Job)}
    members = {name: value for name, value in json.loads(text).items() if name in known}
    members["options"] = JobOptions(**members["options"])
    members["failure"] = members["failure"] and Failure(**members["failure"])
    members["notices"] = tuple(members["notices"])
    return Job(**members)
