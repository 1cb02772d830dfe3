"""The boxes of an MP4 file (ISO/IEC 14496-12, section 4.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from meetscribe.errors import InputError

_LARGEST = 200_000_000  # largest box that is read into memory, in bytes


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its type and its content, without the header."""

    kind: bytes
    content: bytes

    def to_bytes(self) -> bytes:
        """Return the box with its header."""
        return struct.pack(">I", len(self.content) + 8) + self.kind + self.content

    @property
    def children(self) -> tuple[Box, ...]:
        """The boxes within this one; raises InputError if its content does not consist of boxes."""
        return tuple(_divided(self.content))

    def child(self, *path: bytes) -> Box | None:
        """Return the first box at a path of types below it, None if there is none."""
        box: Box | None = self
        for kind in path:
            box = next((child for child in box.children if child.kind == kind), None) if box else None
        return box

    def with_children(self, children: Sequence[Box]) -> Box:
        """Return a box of the same type with the boxes `children` within it."""
        return Box(self.kind, b"".join(child.to_bytes() for child in children))


@dataclass(frozen=True, slots=True)
class Location:
    """A top-level box: its type, its byte offset in the file, and the bytes of its header and of the whole box."""

    kind: bytes
    start: int
    header: int
    size: int

    @property
    def end(self) -> int:
        """The byte offset after the box."""
        return self.start + self.size

    def read(self, source: IO[bytes]) -> Box:
        """Return the box; one larger than 200 MB is taken for damaged, which raises InputError."""
        if self.size > _LARGEST:
            raise damaged()
        source.seek(self.start + self.header)
        return Box(self.kind, source.read(self.size - self.header))


def damaged() -> InputError:
    """Return the error for a file with inconsistent or implausible boxes."""
    return InputError("its MP4 structure is damaged", "Rewrite the file, for example with ffmpeg -i IN -c copy OUT.")


def top_level(source: IO[bytes], length: int) -> tuple[Location, ...]:
    """Return the top-level boxes of a file of `length` bytes; raises InputError if they do not fill it."""
    locations: list[Location] = []
    offset = 0
    while offset < length:
        source.seek(offset)
        head = source.read(16)
        if len(head) < 8:
            raise damaged()
        size, header = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:  # until the end of the file
            size = length - offset
        if size < header or offset + size > length:
            raise damaged()
        locations.append(Location(head[4:8], offset, header, size))
        offset += size
    return tuple(locations)


def full_box(kind: bytes, content: bytes, flags: int = 0, version: int = 0) -> Box:
    """Return a box whose content starts with a version and flags."""
    return Box(kind, bytes([version]) + flags.to_bytes(3, "big") + content)


def _divided(content: bytes) -> Iterator[Box]:
    """Yield the boxes in the content of a box; QuickTime may end it with four zero bytes."""
    offset = 0
    while offset < len(content) and any(content[offset:]):
        size, header = int.from_bytes(content[offset : offset + 4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(content[offset + 8 : offset + 16], "big"), 16
        if size < header or offset + size > len(content):
            raise damaged()
        yield Box(content[offset + 4 : offset + 8], content[offset + header : offset + size])
        offset += size
