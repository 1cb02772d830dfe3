"""A file to read: its bytes, its text and its JSON."""

from __future__ import annotations

import codecs
import json
from functools import cached_property

from meetscribe.errors import InputError
from meetscribe.transcript.json_node import Node

_BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}


class Document:
    """The bytes of a file and its name for messages; text and JSON are decoded on first use."""

    def __init__(self, data: bytes, name: str = "-") -> None:
        self.data = data
        self.name = name

    @cached_property
    def text(self) -> str:
        """The file as text with line feeds: UTF-8, or UTF-16 with a byte order mark. Raises InputError."""
        marks = (encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if self.data.startswith(mark))
        try:
            text = self.data.decode(next(marks, "utf-8"))
        except UnicodeDecodeError as error:
            raise InputError(f"{self.name}: not text in UTF-8 ({error.reason})", "Save the file as UTF-8.") from error
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def head(self) -> str:
        """The first characters as text, with invalid bytes replaced: enough to detect the format."""
        marks = (encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if self.data.startswith(mark))
        return self.data[:4000].decode(next(marks, "utf-8"), "replace").lstrip()

    @cached_property
    def json(self) -> object:
        """The file as parsed JSON, with NaN and Infinity as null; None if it is not JSON."""
        if not self.head.startswith(("{", "[")):
            return None
        try:
            return json.loads(self.text, parse_constant=lambda _: None)
        except (ValueError, RecursionError, InputError):
            return None

    @property
    def root(self) -> Node:
        """The JSON as a node, which knows its place for messages; raises InputError if the file is not JSON."""
        if self.json is None:
            raise InputError(f"{self.name}: not JSON", "The file is damaged or in another format.")
        return Node(self.json, self.name)

    def member_names(self) -> set[str]:
        """Return the keys of a JSON object, an empty set for anything else."""
        return set(self.json) if isinstance(self.json, dict) else set()

    def first_object(self, key: str) -> dict[str, object]:
        """Return the first object of the list at `key` of a JSON object, or an empty one."""
        rows = self.json.get(key) if isinstance(self.json, dict) else None
        row = rows[0] if isinstance(rows, list) and rows else None
        return row if isinstance(row, dict) else {}
