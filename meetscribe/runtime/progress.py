"""How a stage reports its progress; the command line displays it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[float], None]
"""Called by a stage with the share of its work that is done, from 0 to 1, never falling."""


def ignore_progress(done: float) -> None:
    """Discard progress updates."""
