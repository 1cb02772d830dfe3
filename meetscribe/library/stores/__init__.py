"""Databases of the library: one Protocol, SQLite by default, PostgreSQL as the alternative.

To add a database, write a module with a class that has the methods of `Store`, and a row in `opening.py`. Then add it
to the fixture of `tests/library/stores/test_contract.py`, which every store passes.
"""

from __future__ import annotations

from meetscribe.library.stores.expression import Expression, Near
from meetscribe.library.stores.opening import open_store
from meetscribe.library.stores.protocol import Match, Store

__all__ = ["Expression", "Match", "Near", "Store", "open_store"]
