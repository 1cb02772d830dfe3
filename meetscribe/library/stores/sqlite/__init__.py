"""The library in one SQLite file: the store, its tables, and its search."""

from __future__ import annotations

from meetscribe.library.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
