"""The progress callback of a stage."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[float], None]
"""A function that a stage calls with its completed share, from 0 to 1, never decreasing."""


def ignore_progress(done: float) -> None:
    """Discard progress updates."""
