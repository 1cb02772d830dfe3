"""Open the database of a library by its location."""

from __future__ import annotations

from pathlib import Path

from meetscribe.library.stores.postgres import PostgresStore
from meetscribe.library.stores.protocol import Store
from meetscribe.library.stores.sqlite import SqliteStore

_POSTGRES = ("postgresql://", "postgres://")


def library_exists(location: str | Path) -> bool:
    """Return whether there is a library at a location; a database server is not asked, and counts as one."""
    return str(location).startswith(_POSTGRES) or _file(location).exists()


def open_store(location: str | Path) -> Store:
    """Open the database at a location: the address of a PostgreSQL database, or the path of a SQLite file.

    Raises OutputError if the database cannot be opened.
    """
    if str(location).startswith(_POSTGRES):
        return PostgresStore(str(location))
    return SqliteStore(_file(location))


def _file(location: str | Path) -> Path:
    """Return the path of a SQLite file."""
    return Path(location).expanduser().absolute()
