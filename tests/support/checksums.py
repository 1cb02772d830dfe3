"""Correct the checksums of Ogg pages (RFC 3533) and FLAC frames (RFC 9639), so that decoders read changed files."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

Correction = Callable[[bytes], bytes]


def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    """Return the CRC remainders of all byte values, most significant bit first."""
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


def correct_ogg(data: bytes) -> bytes:
    """Return the stream with a correct checksum in each intact page."""
    corrected, at = bytearray(data), data.find(b"OggS")
    while at >= 0 and at + 27 <= len(data):
        segments = data[at + 27 : at + 27 + data[at + 26]]
        end = at + 27 + len(segments) + sum(segments)
        if end <= len(data):
            corrected[at + 22 : at + 26] = bytes(4)
            corrected[at + 22 : at + 26] = _checksum(_OGG, 32, corrected[at:end]).to_bytes(4, "little")
        at = data.find(b"OggS", min(end, len(data)) if data[end : end + 4] == b"OggS" else at + 4)
    return bytes(corrected)


def correct_flac(data: bytes) -> bytes:
    """Return the file with correct checksums of all consecutive frames and their headers."""
    corrected = bytearray(data)
    for (start, end), (following, _) in pairwise([*_frames(data), (len(data), 0)]):
        corrected[end] = _checksum(_HEADER, 8, corrected[start:end])
        if following - 2 > end:
            corrected[following - 2 : following] = _checksum(_FRAME, 16, corrected[start : following - 2]).to_bytes(
                2, "big"
            )
    return bytes(corrected)


def _frames(data: bytes) -> list[tuple[int, int]]:
    """Return the offsets of the frame headers and of their checksums."""
    found, at = [], data.find(b"\xff\xf8")
    while at >= 0:
        end = _header_end(data, at)
        if end is not None and end < len(data):
            found.append((at, end))
        at = data.find(b"\xff\xf8", at + 2 if end is None else end)
    return found


def _header_end(data: bytes, at: int) -> int | None:
    """Return the offset of the checksum of a frame header; None if this is not a header."""
    head = data[at : at + 5]
    if len(head) < 5 or head[2] >> 4 == 0 or head[2] & 15 == 15 or head[3] >> 4 > 10 or head[3] & 1:
        return None
    ones = 8 - (head[4] ^ 0xFF).bit_length()  # leading one bits of the frame number, encoded as in UTF-8
    if ones == 1 or ones > 7:
        return None
    sizes, rates = {6: 1, 7: 2}, {12: 1, 13: 2, 14: 2}
    return at + 4 + max(1, ones) + sizes.get(head[2] >> 4, 0) + rates.get(head[2] & 15, 0)


CORRECTIONS: dict[str, Correction] = {"ogg": correct_ogg, "opus": correct_ogg, "flac": correct_flac}
"""Functions that correct the checksums, by kind of recording; only for kinds whose checksums the reader verifies."""
