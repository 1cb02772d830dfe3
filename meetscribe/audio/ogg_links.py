"""The links of a chained Ogg file: consecutive complete streams (RFC 3533, section 4)."""

from __future__ import annotations

import os
from typing import IO

_PAGE_HEAD = 27  # bytes of a page before its segment table
_BEGINS_STREAM = 2  # the flag of the first page of a stream


def ogg_links(data: IO[bytes]) -> tuple[tuple[int, int], ...]:
    """Return the start and end of each link of an Ogg file in bytes; any other file is one link.

    A link begins with the first pages of its streams. Damaged parts belong to the preceding link.
    """
    size = data.seek(0, os.SEEK_END)
    starts, position, in_first_pages = [0], 0, True
    while (page := _page(data, position)) is not None:
        flags, length = page
        begins_stream = bool(flags & _BEGINS_STREAM)
        if begins_stream and not in_first_pages:
            starts.append(position)
        in_first_pages = begins_stream
        position += length
    return tuple(zip(starts, [*starts[1:], size], strict=True))


def _page(data: IO[bytes], position: int) -> tuple[int, int] | None:
    """Return the flags and the length in bytes of the page at a position, None if there is none."""
    data.seek(position)
    head = data.read(_PAGE_HEAD)
    if len(head) < _PAGE_HEAD or head[:4] != b"OggS":
        return None
    flags, table_length = head[5], head[26]
    return flags, _PAGE_HEAD + table_length + sum(data.read(table_length))


class Section:
    """A part of an open file, with the file methods that PyAV calls."""

    def __init__(self, data: IO[bytes], start: int, end: int) -> None:
        self._data = data
        self._start = start
        self._size = end - start
        self._position = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position in the part and return it."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Return the position in the part."""
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes of the part, at most `size` unless negative; b"" at the end."""
        left = max(0, self._size - self._position)
        self._data.seek(self._start + self._position)
        content = self._data.read(left if size < 0 else min(size, left))
        self._position += len(content)
        return content
