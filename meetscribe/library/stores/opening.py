"""Open the database of a library by its location."""

from __future__ import annotations

from pathlib import Path

from meetscribe.library.stores.postgres import PostgresStore
from meetscribe.library.stores.protocol import Store
from meetscribe.library.stores.sqlite import SqliteStore

POSTGRES = ("postgresql://", "postgres://")
"""The prefixes of a PostgreSQL address."""


def open_store(location: str | Path) -> Store:
    """Open the database at a location: the address of a PostgreSQL database, or the path of a SQLite file.

    Raises OutputError if the database cannot be opened.
    """
    if str(location).startswith(POSTGRES):
        return PostgresStore(str(location))
    return SqliteStore(Path(location).expanduser().absolute())
