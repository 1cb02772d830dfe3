"""Databases of the library: one Protocol, with SQLite by default and PostgreSQL as the alternative.

To add a database, write a class that implements `Store`, recognise its location in `opening.py`, and add it to the
fixture of `tests/library/stores/test_contract.py`, the contract that every store must pass.
"""

from __future__ import annotations

from meetscribe.library.stores.expression import Expression, Near
from meetscribe.library.stores.opening import open_store
from meetscribe.library.stores.protocol import Match, Store

__all__ = ["Expression", "Match", "Near", "Store", "open_store"]
