"""Normalise or remove white space."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """Put text on one line: each run of white space becomes one space, control characters are removed.

    >>> one_line("  Anna\\n\\x1b[1mBerg\\t")
    'Anna [1mBerg'
    """
    words = " ".join(text.split())
    if words.isprintable():
        return words
    kept = "".join(character for character in words if unicodedata.category(character) != "Cc")
    return " ".join(kept.split())


def without_whitespace(text: str) -> str:
    """Remove all white space, to compare texts whose words are joined differently.

    >>> without_whitespace(" 我 用 Python ")
    '我用Python'
    """
    return "".join(text.split())
