"""Counts with their nouns."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a count with its noun; an s is added to the noun unless the count is 1.

    >>> counted(1, "speaker"), counted(1200, "word")
    ('1 speaker', '1,200 words')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
