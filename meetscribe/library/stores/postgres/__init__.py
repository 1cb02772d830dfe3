"""The library in a PostgreSQL database: the store, its tables, and its search."""

from __future__ import annotations

from meetscribe.library.stores.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
