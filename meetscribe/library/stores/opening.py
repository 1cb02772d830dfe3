"""Opening the database of a library by its location."""

from __future__ import annotations

from pathlib import Path

from meetscribe.library.stores.protocol import Store
from meetscribe.library.stores.sqlite import SqliteStore

POSTGRES = ("postgresql://", "postgres://")
"""How the address of a PostgreSQL database begins."""


def open_store(location: str | Path) -> Store:
    """Open the database at a location: the path of a SQLite file; raises OutputError."""
    return SqliteStore(Path(location).expanduser().absolute())
