"""A file to read: its bytes, its text and its JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property

from meetscribe.errors import JSON, InputError, Notice
from meetscribe.formats.parts.encodings import Encoding, decode, detect_encoding, find_encoding
from meetscribe.transcript.json_node import Node


class Document:
    """The bytes of a file and its name for messages; text and JSON are decoded on first use.

    `encoding` is the text encoding, by default detected. Readers report problems, such as text without a time, with
    `notice`; the notices are added to the transcript.
    """

    def __init__(self, data: bytes, name: str = "-", encoding: str | None = None) -> None:
        self.data = data
        self.name = name
        self.notices: list[Notice] = []
        self._given = find_encoding(encoding) if encoding else None

    @cached_property
    def text(self) -> str:
        """The file as text with line feeds; raises InputError if it is binary."""
        if self._encoding is None:
            raise InputError(f"{self.name}: not text", "Give a text file, or its encoding with --encoding.")
        text, notices = decode(self.data, self._encoding, self.name)
        self.notices[:0] = notices
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def head(self) -> str:
        """The first 4000 bytes as text, without leading white space: enough to detect the format.

        Invalid bytes are replaced.
        """
        name = self._encoding.name if self._encoding else "utf-8"
        try:
            return self.data[:4000].decode(name, "replace").lstrip()
        except UnicodeError:  # an encoding that cannot replace bytes, such as idna
            return ""

    @property
    def is_binary(self) -> bool:
        """Whether the bytes are not text in any encoding."""
        return self._encoding is None or "\0" in self.head

    def notice(self, code: str, text: str, data: Mapping[str, JSON] | None = None) -> None:
        """Report a problem of the file; `text` follows the file's name directly, as in ", line 3: invalid times"."""
        self.notices.append(Notice(code, f"{self.name}{text}", data or {}))

    @cached_property
    def _encoding(self) -> Encoding | None:
        return self._given or detect_encoding(self.data)

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
        """The root node of the JSON, which locates faults for messages; raises InputError if the file is not JSON."""
        if self.json is None:
            raise InputError(f"{self.name}: not JSON{self._json_fault()}", "The file is damaged or in another format.")
        return Node(self.json, self.name)

    def _json_fault(self) -> str:
        """Return the position and kind of the first fault in the JSON, in brackets; empty if it is not JSON at all."""
        try:
            json.loads(self.text if self.head.startswith(("{", "[")) else "null")
        except json.JSONDecodeError as error:
            return f" (line {error.lineno}, column {error.colno}: {error.msg})"
        except (ValueError, RecursionError, InputError):
            pass
        return ""

    def member_names(self) -> set[str]:
        """Return the keys of a JSON object, an empty set for anything else."""
        return set(self.json) if isinstance(self.json, dict) else set()

    def first_object(self, key: str) -> dict[str, object]:
        """Return the first object of the list at `key` of a JSON object, or an empty one."""
        rows = self.json.get(key) if isinstance(self.json, dict) else None
        row = rows[0] if isinstance(rows, list) and rows else None
        return row if isinstance(row, dict) else {}
