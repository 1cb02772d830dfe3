"""Text and JSON brought into the plain form that every file can hold."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from pathlib import PurePath
from typing import TypeAlias

JSON: TypeAlias = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]
"""What a JSON document holds."""


def one_line(text: str) -> str:
    """The text on one line: white space and line breaks become one space, control characters vanish.

    >>> one_line("  Anna\\n\\x1b[1mBerg\\t")
    'Anna [1mBerg'
    """
    words = " ".join(text.split())
    if words.isprintable():
        return words
    kept = "".join(character for character in words if unicodedata.category(character) != "Cc")
    return " ".join(kept.split())


def encodable(text: str) -> str:
    """The text with ? for what UTF-8 cannot hold, such as the odd bytes of a file's name."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def plain_json(value: object, levels: int = 50) -> JSON:
    """A copy as JSON reads it back: tuples become lists, paths text.

    Raises ValueError for what JSON cannot hold, and for what is nested deeper than `levels`: a file may nest
    deeper than a program can follow.

    >>> plain_json({"beams": (1, 2)})
    {'beams': [1, 2]}
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str | PurePath):
        return encodable(str(value))
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, Mapping | list | tuple) and levels == 0:
        raise ValueError("JSON must not be nested so deeply")
    if isinstance(value, Mapping):
        return {encodable(str(key)): plain_json(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(item, levels - 1) for item in value]
    raise ValueError(f"JSON cannot hold {value!r}")
