"""Checksums of Ogg pages (RFC 3533) and FLAC frames (RFC 9639) put right after changes: else no decoder sees these."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

Seal = Callable[[bytes], bytes]


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    """The remainders of all bytes, most significant bit first."""
    top, mask = 1 << (bits - 1), (1 << bits) - 1
    table = []
    for byte in range(256):
        rest = byte << (bits - 8)
        for _ in range(8):
            rest = (rest << 1 ^ polynomial if rest & top else rest << 1) & mask
        table.append(rest)
    return tuple(table)


_OGG, _HEADER, _FRAME = _table(0x04C11DB7, 32), _table(0x07, 8), _table(0x8005, 16)


def _checksum(table: tuple[int, ...], bits: int, data: bytes | bytearray) -> int:
    rest, mask = 0, (1 << bits) - 1
    for byte in data:
        rest = (rest << 8 & mask) ^ table[rest >> (bits - 8) ^ byte]
    return rest


def seal_ogg(data: bytes) -> bytes:
    """The stream with the checksum of each page that still is one."""
    sealed, at = bytearray(data), data.find(b"OggS")
    while at >= 0 and at + 27 <= len(data):
        segments = data[at + 27 : at + 27 + data[at + 26]]
        end = at + 27 + len(segments) + sum(segments)
        if end <= len(data):
            sealed[at + 22 : at + 26] = bytes(4)
            sealed[at + 22 : at + 26] = _checksum(_OGG, 32, sealed[at:end]).to_bytes(4, "little")
        at = data.find(b"OggS", min(end, len(data)) if data[end : end + 4] == b"OggS" else at + 4)
    return bytes(sealed)


def seal_flac(data: bytes) -> bytes:
    """The file with the checksums of each frame and its header, as far as they still follow each other."""
    sealed = bytearray(data)
    for (start, end), (following, _) in pairwise([*_frames(data), (len(data), 0)]):
        sealed[end] = _checksum(_HEADER, 8, sealed[start:end])
        if following - 2 > end:
            sealed[following - 2 : following] = _checksum(_FRAME, 16, sealed[start : following - 2]).to_bytes(2, "big")
    return bytes(sealed)


def _frames(data: bytes) -> list[tuple[int, int]]:
    """Where headers of frames seem to start, and where each has its checksum."""
    found, at = [], data.find(b"\xff\xf8")
    while at >= 0:
        end = _header_end(data, at)
        if end is not None and end < len(data):
            found.append((at, end))
        at = data.find(b"\xff\xf8", at + 2 if end is None else end)
    return found


def _header_end(data: bytes, at: int) -> int | None:
    """Where the header of a frame has its checksum; None if it is no header."""
    head = data[at : at + 5]
    if len(head) < 5 or head[2] >> 4 == 0 or head[2] & 15 == 15 or head[3] >> 4 > 10 or head[3] & 1:
        return None
    ones = 8 - (head[4] ^ 0xFF).bit_length()  # of the frame's number, coded like a character in UTF-8
    if ones == 1 or ones > 7:
        return None
    sizes, rates = {6: 1, 7: 2}, {12: 1, 13: 2, 14: 2}
    return at + 4 + max(1, ones) + sizes.get(head[2] >> 4, 0) + rates.get(head[2] & 15, 0)


SEALS: dict[str, Seal] = {"ogg": seal_ogg, "opus": seal_ogg, "flac": seal_flac}
"""The kinds of recordings that have checksums which the reader looks at."""
