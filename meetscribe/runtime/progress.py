"""How a stage tells how far it is; showing it on a screen is the command line's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[float], None]
"""Called by a stage with the share of its work that is done, 0 to 1, never falling."""


def ignore_progress(done: float) -> None:
    """Nothing: the progress of whoever does not ask for it."""
