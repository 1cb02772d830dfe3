"""Detection of WAV files whose header declares less audio than the file contains."""

from __future__ import annotations

import os
from typing import IO

from meetscribe.audio.decoding import MIN_LOSS
from meetscribe.timeline import Seconds

_UNKNOWN = (0, 0xFFFFFFFF)  # sizes written by a recorder that cannot seek back to the header
_TAGS = (b"ID3", b"TAG", b"APETAGEX")  # metadata appended by other programs
_HEAD = 8  # bytes of a chunk's name and size
_MAX_CHUNKS = 1000


def understated_length(data: IO[bytes]) -> Seconds | None:
    """Return the seconds declared by the header of a WAV file that contains more audio; None for any other file.

    A crashed recorder leaves such a header. Further chunks and tags after the audio do not count as audio.
    """
    size = data.seek(0, os.SEEK_END)
    data.seek(0)
    head = data.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    bytes_per_second, position = 0, 12
    for _ in range(_MAX_CHUNKS):
        name, length = _chunk(data, position)
        if name == b"fmt ":
            bytes_per_second = int.from_bytes(data.read(12)[8:12], "little")
        if name == b"data":
            end = position + _HEAD + length + length % 2
            is_short = length not in _UNKNOWN and bytes_per_second and size - end > MIN_LOSS * bytes_per_second
            return length / bytes_per_second if is_short and not _is_metadata(data, end, size) else None
        if len(name) < 4:
            break
        position += _HEAD + length + length % 2
    return None


def _chunk(data: IO[bytes], position: int) -> tuple[bytes, int]:
    """Return the name and the size of the chunk at a position; at the end, the name is shorter than 4 bytes."""
    data.seek(position)
    head = data.read(_HEAD)
    return head[:4], int.from_bytes(head[4:], "little")


def _is_metadata(data: IO[bytes], position: int, size: int) -> bool:
    """Return whether a tag, or a chunk with a printable name that fits into the file, begins at a position."""
    name, length = _chunk(data, position)
    data.seek(position)
    is_tag = data.read(_HEAD).startswith(_TAGS)
    is_named = name.isascii() and name.decode("ascii", "replace").isprintable()
    return is_tag or (is_named and position + _HEAD + length <= size)
