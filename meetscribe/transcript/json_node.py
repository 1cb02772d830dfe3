"""Values of untrusted JSON, checked when they are read; errors name the path in the document."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NoReturn

from meetscribe.errors import InputError
from meetscribe.text.json_values import encodable

_MAX_NUMBER = 1e15  # chosen by hand, far above any time, count or score
_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
_FILE_REMEDY = "The file was damaged, or changed by hand or by another program. Create it again, or correct this value."


class Node:
    """A value of a JSON document with its path, such as `segments[3].words[0].start`.

    Each method returns the value as one type, or raises InputError naming the path.
    """

    __slots__ = ("key", "parent", "value")

    def __init__(self, value: object, key: str | int = "", parent: Node | None = None) -> None:
        """Wrap the document, whose `key` is its name, or the member `key` of `parent`."""
        self.value = value
        self.key = key
        self.parent = parent

    def fail(self, problem: str) -> NoReturn:
        """Raise InputError naming the path of this value."""
        path, node = "", self
        while node.parent is not None:
            part = f"[{node.key}]" if isinstance(node.key, int) else f".{node.key}"
            path, node = part + path, node.parent
        where = path.lstrip(".")
        document = f"{node.key}: " if node.key else ""
        raise InputError(f"{document}{where}: {problem}" if where else f"{document}{problem}", _FILE_REMEDY)

    def __getitem__(self, key: str) -> Node:
        if not isinstance(self.value, dict):
            self._fail_type("an object")
        child = Node(self.value.get(key), key, self)
        if key not in self.value:
            child.fail("missing")
        return child

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def get(self, key: str, absent: object = None) -> Node:
        """Return the member `key`, or `absent` if the object lacks it, as in files of older versions."""
        value = self.value if isinstance(self.value, dict) else self._fail_type("an object")
        return Node(value.get(key, absent), key, self)

    def items(self) -> Iterator[Node]:
        """Return the elements of a list."""
        if not isinstance(self.value, list):
            self._fail_type("a list")
        return (Node(value, index, self) for index, value in enumerate(self.value))

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Return the keys and values of an object."""
        if not isinstance(self.value, dict):
            self._fail_type("an object")
        return ((key, Node(value, key, self)) for key, value in self.value.items())

    def text(self) -> str:
        """Return a string that UTF-8 can encode."""
        if not isinstance(self.value, str):
            self._fail_type("text")
        if encodable(self.value) != self.value:
            self.fail("a lone surrogate is not text")
        return self.value

    def number(self) -> float:
        """Return a finite number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self._fail_type("a number")
        # The size is checked first, because math.isfinite raises OverflowError for very large integers.
        if abs(self.value) > _MAX_NUMBER or not math.isfinite(self.value):
            self.fail("the number is too large")
        return float(self.value)

    def flag(self) -> bool:
        """Return a Boolean value."""
        if not isinstance(self.value, bool):
            self._fail_type("true or false")
        return self.value

    def optional_text(self) -> str | None:
        """Return a string, or None for null."""
        return None if self.value is None else self.text()

    def optional_number(self) -> float | None:
        """Return a finite number, or None for null."""
        return None if self.value is None else self.number()

    def _fail_type(self, kind: str) -> NoReturn:
        """Raise InputError for a value of the wrong type."""
        self.fail(f"expected {kind}, found {_KINDS.get(type(self.value), 'a number')}")
