"""Values taken out of parsed JSON that nobody vouches for, each with its place for the error message."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NoReturn

from meetscribe.errors import InputError
from meetscribe.text.json_values import encodable

_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
_FILE_REMEDY = "The file was damaged, or changed by hand or by another program; make it again, or correct it there."


class Node:
    """A value of a JSON document that knows its place in it, such as `segments[3].words[0].start`.

    Each method returns the value as one type, or raises InputError naming the place.
    """

    __slots__ = ("key", "parent", "value")

    def __init__(self, value: object, key: str | int = "", parent: Node | None = None) -> None:
        """The document itself, or what `parent` holds at `key`; `key` of the document is its name."""
        self.value = value
        self.key = key
        self.parent = parent

    def fail(self, problem: str) -> NoReturn:
        """Raise InputError for this place."""
        path, node = "", self
        while node.parent is not None:
            part = f"[{node.key}]" if isinstance(node.key, int) else f".{node.key}"
            path, node = part + path, node.parent
        where = path.lstrip(".")
        document = f"{node.key}: " if node.key else ""
        raise InputError(f"{document}{where}: {problem}" if where else f"{document}{problem}", _FILE_REMEDY)

    def __getitem__(self, key: str) -> Node:
        if not isinstance(self.value, dict):
            self._expected("an object")
        child = Node(self.value.get(key), key, self)
        if key not in self.value:
            child.fail("missing")
        return child

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def get(self, key: str, absent: object = None) -> Node:
        """The member, or `absent` in its place: for what older files do not have."""
        value = self.value if isinstance(self.value, dict) else self._expected("an object")
        return Node(value.get(key, absent), key, self)

    def items(self) -> Iterator[Node]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            self._expected("a list")
        return (Node(value, index, self) for index, value in enumerate(self.value))

    def entries(self) -> Iterator[tuple[str, Node]]:
        """The keys and values of an object."""
        if not isinstance(self.value, dict):
            self._expected("an object")
        return ((key, Node(value, key, self)) for key, value in self.value.items())

    def text(self) -> str:
        """A string that UTF-8 can hold."""
        if not isinstance(self.value, str):
            self._expected("text")
        if encodable(self.value) != self.value:
            self.fail("half of a surrogate pair is not text")
        return self.value

    def number(self) -> float:
        """A finite number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self._expected("a number")
        # A whole number too long for a float has no isfinite, so its size is asked first.
        if abs(self.value) > 1e15 or not math.isfinite(self.value):
            self.fail("expected a number of sensible size")
        return float(self.value)

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            self._expected("true or false")
        return self.value

    def optional_text(self) -> str | None:
        """A string, or None for null."""
        return None if self.value is None else self.text()

    def optional_number(self) -> float | None:
        """A finite number, or None for null."""
        return None if self.value is None else self.number()

    def _expected(self, kind: str) -> NoReturn:
        self.fail(f"expected {kind}, found {_KINDS.get(type(self.value), 'a number')}")
