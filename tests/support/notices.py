"""Notices in tests: made from texts, and read as texts."""

from __future__ import annotations

from collections.abc import Iterable

from meetscribe.errors import Notice


def notices(*texts: str) -> tuple[Notice, ...]:
    """Return a notice with each text."""
    return tuple(Notice("other", text) for text in texts)


def texts_of(found: Iterable[Notice]) -> tuple[str, ...]:
    """Return the texts of the notices."""
    return tuple(notice.text for notice in found)
