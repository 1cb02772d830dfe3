"""Convert values to JSON, and text to characters that UTF-8 can encode."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import PurePath

from meetscribe.errors import JSON

__all__ = ["JSON", "as_json", "encodable"]

_MAX_DEPTH = 50


def encodable(text: str) -> str:
    """Replace characters that UTF-8 cannot encode, such as undecodable bytes of a file name, with question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def as_json(value: object, max_depth: int = _MAX_DEPTH) -> JSON:
    """Return a value as read back from JSON: tuples become lists, paths and keys become text.

    Raises ValueError for values that JSON cannot represent, and beyond `max_depth` levels of nesting, which could
    exhaust the stack of the program that reads them.

    >>> as_json({"beams": (1, 2)})
    {'beams': [1, 2]}
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str | PurePath):
        return encodable(str(value))
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, Mapping | list | tuple) and max_depth == 0:
        raise ValueError("the value is nested too deeply for JSON")
    if isinstance(value, Mapping):
        return {encodable(str(key)): as_json(item, max_depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item, max_depth - 1) for item in value]
    raise ValueError(f"JSON cannot hold {value!r}")
