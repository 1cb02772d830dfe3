"""Checks that the readers of native JSON share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from meetscribe.transcript.json_node import Node

T = TypeVar("T")


def check_times(node: Node, start: float, end: float) -> None:
    """Raise InputError for a negative time, or an end before the start."""
    for key, time in (("start", start), ("end", end)):
        if time < 0:
            node[key].fail(f"a time must not be negative: {time}")
    if end < start:
        node["end"].fail(f"must not be before the start: {end} < {start}")


def guarded(node: Node, construct: Callable[..., T], /, **values: object) -> T:
    """Construct a value; a ValueError of the constructor becomes an InputError naming the node."""
    try:
        return construct(**values)
    except ValueError as error:
        node.fail(str(error))
