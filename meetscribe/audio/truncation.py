"""Detection of truncated files, for containers whose truncation FFmpeg does not report."""

from __future__ import annotations

import os
from typing import IO

_OGG_HEADER = 27  # bytes of a page before its segment table
_OGG_PAGE = 65_307  # bytes of the longest page: header, segment table, 255 segments of 255 bytes
_STREAMED = (0, 0xFFFFFFFF)  # sizes written by a recorder that cannot seek back to the header


def declares_length(data: IO[bytes], container: str) -> bool:
    """Return whether FFmpeg's duration is stored in the file, rather than estimated from the bit rate."""
    if container == "mp3":
        return _has_mp3_header(data)
    return container not in {"aac", "ac3", "eac3", "amr", "mpeg", "mpegts"}


def is_truncated(data: IO[bytes]) -> bool:
    """Return whether a WAV or Ogg file ends before the end of its structure."""
    size = data.seek(0, os.SEEK_END)
    data.seek(0)
    head = data.read(12)
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        declared = int.from_bytes(head[4:8], "little")
        return declared not in _STREAMED and declared + 8 > size + 1  # a padding byte may be missing
    if head[:4] == b"OggS":
        data.seek(max(0, size - _OGG_PAGE))
        return _ends_within_page(data.read())
    return False


def _ends_within_page(tail: bytes) -> bool:
    """Return whether the last page of an Ogg stream (RFC 3533, section 6) is incomplete."""
    page = tail[tail.rfind(b"OggS") :]
    if len(page) < _OGG_HEADER or len(page) < _OGG_HEADER + page[26]:
        return True
    body = _OGG_HEADER + page[26]  # byte 26 is the length of the segment table
    return len(page) < body + sum(page[_OGG_HEADER:body])


def _has_mp3_header(data: IO[bytes]) -> bool:
    """Return whether the first frame of an MP3 file contains the number of frames (Xing, Info or VBRI header)."""
    data.seek(0)
    head = data.read(10)
    tag = 0
    if head[:3] == b"ID3":  # the size is stored in four times seven bits (ID3v2.4, section 3.1)
        tag = 10 + sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=False))
    data.seek(tag)
    first = data.read(2048)
    return any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))
