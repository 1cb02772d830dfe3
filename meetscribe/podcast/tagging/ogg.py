"""Chapters in Ogg Vorbis and Opus: the comments CHAPTERxxx and CHAPTERxxxNAME; audio packets are copied unchanged.

Pages: RFC 3533. Comments: the Vorbis I specification, section 5, and RFC 7845, section 5.2.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

from meetscribe.errors import InputError
from meetscribe.formats.chapters import Chapter
from meetscribe.formats.parts.cues import timestamp

_HEAD = 27  # bytes of a page before its segment table
_CONTINUED, _BEGINS = 1, 2  # flags of a page
_LONGEST = 255  # segments in a page, and bytes in a segment
_LARGEST = 100_000_000  # largest headers that are read, in bytes
_CHAPTER = re.compile(rb"CHAPTER\d{3}(?:NAME|URL)?=", re.IGNORECASE)
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_DAMAGED = InputError("its Ogg headers are damaged", "Encode the file again, or repair it, for example with oggz.")


@dataclass(frozen=True, slots=True)
class _Codec:
    """A codec's first bytes, its number of header packets, and the start and end of its comment packet."""

    magic: bytes
    headers: int
    comments: bytes
    framing: bytes


_CODECS = (_Codec(b"\x01vorbis", 3, b"\x03vorbis", b"\x01"), _Codec(b"OpusHead", 2, b"OpusTags", b""))


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its flags, its granule position and the serial number of its stream as bytes, and its sequence number.

    `lacing` are the lengths of its segments in bytes, `body` is their content.
    """

    flags: int
    position: bytes
    stream: bytes
    number: int
    lacing: bytes
    body: bytes

    def to_bytes(self) -> bytes:
        """Return the page with its checksum."""
        head = b"OggS\0" + bytes([self.flags]) + self.position + self.stream + self.number.to_bytes(4, "little")
        table = bytes([len(self.lacing)]) + self.lacing
        crc = _crc(head + bytes(4) + table + self.body)
        return head + crc.to_bytes(4, "little") + table + self.body


def write_ogg(source: IO[bytes], target: IO[bytes], chapters: Sequence[Chapter]) -> None:
    """Copy an Ogg file with its chapters replaced by `chapters`.

    Other comments and all audio packets are copied unchanged; pages are renumbered. In a chained file, the chapters are
    written into the first link. Raises InputError for codecs other than Vorbis and Opus, and for damaged headers.
    """
    source.seek(0)
    pages = _pages(source)
    stream, codec = b"", _CODECS[0]
    header_pages: list[_Page] = []  # without the first one
    added_pages = 0
    complete = False
    for page in pages:
        if not stream and (found := _codec(page)):
            stream, codec = page.stream, found
        elif page.stream == stream and not complete:
            header_pages.append(page)
            if _headers_complete(header_pages, codec):
                written = _with_chapters(header_pages, codec, chapters)
                target.write(b"".join(each.to_bytes() for each in written))
                complete, added_pages = True, len(written) - len(header_pages)
            continue
        elif page.stream == stream:
            page = replace(page, number=page.number + added_pages)
        target.write(page.to_bytes())
    if not stream:
        raise InputError("it is neither Ogg Vorbis nor Opus", "Chapters are written for MP3, M4A, Ogg Vorbis and Opus.")
    if not complete:
        raise _DAMAGED


def _pages(source: IO[bytes]) -> Iterator[_Page]:
    """Yield the pages of a file; raises InputError for bytes that are not a page."""
    while head := source.read(_HEAD):
        if len(head) < _HEAD or head[:5] != b"OggS\0":
            raise _DAMAGED
        lacing = source.read(head[26])
        body = source.read(sum(lacing))
        if len(lacing) < head[26] or len(body) < sum(lacing):
            return  # drop a truncated last page, which cannot be played
        number = int.from_bytes(head[18:22], "little")
        yield _Page(head[5], head[6:14], head[14:18], number, lacing, body)


def _codec(page: _Page) -> _Codec | None:
    """Return the codec of the stream that the page begins, None if it begins no stream of a known codec."""
    return next((codec for codec in _CODECS if page.flags & _BEGINS and page.body.startswith(codec.magic)), None)


def _headers_complete(header_pages: Sequence[_Page], codec: _Codec) -> bool:
    """Return whether the pages end with the last header packet; raises InputError if audio follows on the page."""
    if sum(len(page.body) for page in header_pages) > _LARGEST:
        raise _DAMAGED
    ends = sum(size < _LONGEST for page in header_pages for size in page.lacing)
    if ends > codec.headers - 1:
        raise _DAMAGED
    return ends == codec.headers - 1


def _with_chapters(header_pages: Sequence[_Page], codec: _Codec, chapters: Sequence[Chapter]) -> list[_Page]:
    """Return the pages of the header packets after the first one, with the chapters in the comments."""
    comments, *others = _packets(header_pages)
    packets = [_with_comments(comments, codec, chapters), *others]
    lacing = b"".join(
        bytes([_LONGEST]) * (len(packet) // _LONGEST) + bytes([len(packet) % _LONGEST]) for packet in packets
    )
    body, first = b"".join(packets), header_pages[0]
    pages: list[_Page] = []
    for index in range(0, len(lacing), _LONGEST):
        page_lacing = lacing[index : index + _LONGEST]
        start = sum(lacing[:index])
        end = start + sum(page_lacing)
        flags = _CONTINUED if index and lacing[index - 1] == _LONGEST else 0
        ended = any(size < _LONGEST for size in page_lacing)
        position = bytes(8) if ended else b"\xff" * 8  # no packet ends on the page
        pages.append(_Page(flags, position, first.stream, first.number + len(pages), page_lacing, body[start:end]))
    return pages


def _packets(pages: Sequence[_Page]) -> Iterator[bytes]:
    """Yield the packets that end in the pages."""
    packet = b""
    for page in pages:
        offset = 0
        for size in page.lacing:
            packet += page.body[offset : offset + size]
            offset += size
            if size < _LONGEST:
                yield packet
                packet = b""


def _with_comments(packet: bytes, codec: _Codec, chapters: Sequence[Chapter]) -> bytes:
    """Return the comment packet with the chapters; its vendor, other comments and padding are kept."""
    if not packet.startswith(codec.comments):
        raise _DAMAGED
    vendor, offset = _sized(packet, len(codec.comments))
    count, offset = int.from_bytes(packet[offset : offset + 4], "little"), offset + 4
    kept = []
    for _ in range(count):
        comment, offset = _sized(packet, offset)
        if not _CHAPTER.match(comment):
            kept.append(comment)
    if codec.framing and packet[offset : offset + 1] != codec.framing:
        raise _DAMAGED
    comments = [*kept, *_comments(chapters)]
    start = codec.comments + _with_size(vendor) + len(comments).to_bytes(4, "little")
    return start + b"".join(map(_with_size, comments)) + packet[offset:]


def _sized(packet: bytes, offset: int) -> tuple[bytes, int]:
    """Return the length-prefixed text at an offset, and the offset after it."""
    start = offset + 4
    end = start + int.from_bytes(packet[offset:start], "little")
    if end > len(packet) or start > len(packet):
        raise _DAMAGED
    return packet[start:end], end


def _with_size(text: bytes) -> bytes:
    return len(text).to_bytes(4, "little") + text


def _comments(chapters: Sequence[Chapter]) -> Iterator[bytes]:
    """Yield the time and the name of each chapter, in the form of Xiph's Ogg chapter extension."""
    for number, chapter in enumerate(chapters, 1):
        yield f"CHAPTER{number:03}={timestamp(round(chapter.start * 1000), '.')}".encode()
        yield f"CHAPTER{number:03}NAME={chapter.title}".encode()


def _crc(page: bytes) -> int:
    """Return the checksum of a page: zlib's polynomial with the bits of each byte reversed, initial value 0."""
    reflected = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{reflected:032b}"[::-1], 2)
