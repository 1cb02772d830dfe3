"""Chapters in MP3: the frames CHAP and CTOC of ID3v2 (chapter frame addendum 1.0).

The other frames and the audio are kept. The tag gets a new header and padding, without flags or an extended header.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from meetscribe.errors import InputError
from meetscribe.formats.chapters import Chapter

_HEADER = 10  # bytes of the header of a tag, and of a frame
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10  # flags of a tag
_FRAME_UNSYNCHRONISED = 0x02
_TOP_AND_ORDERED = 3  # flags of a table of contents
_NO_OFFSET = b"\xff\xff\xff\xff"  # of a chapter that is given by times, not by byte offsets
_LARGEST = 100_000_000  # largest tag that is read, in bytes
_PADDING = 512  # bytes after the frames, for later changes by other programs
_REMEDY = "Rewrite the tag as ID3v2.3 or ID3v2.4 with a tag editor, or remove it."


@dataclass(frozen=True, slots=True)
class _Tag:
    """The tag at the start of a file: its major version, its frames with headers, and the byte offset of the audio."""

    version: int
    frames: tuple[bytes, ...]
    end: int


def is_mp3(head: bytes) -> bool:
    """Return whether a file starts with an ID3v2 tag or with a frame of MPEG audio, layer 3.

    >>> is_mp3(bytes.fromhex("fffb9064")), is_mp3(bytes.fromhex("fff15080"))  # the second is AAC
    (True, False)
    """
    frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return head.startswith(b"ID3") or frame


def write_id3(source: IO[bytes], target: IO[bytes], chapters: Sequence[Chapter]) -> None:
    """Copy an MP3 file with its chapters replaced by `chapters`, each of which has an end.

    The version of the tag is kept; without a tag, it is ID3v2.3. The audio and tags at the end are copied unchanged.
    Raises InputError for a damaged tag, and for ID3v2.2, which has no chapters.
    """
    tag = _read_tag(source)
    kept = [frame for frame in tag.frames if frame[:4] not in (b"CHAP", b"CTOC")]
    body = b"".join([*kept, *_chapter_frames(chapters, tag.version)]) + bytes(_PADDING)
    target.write(b"ID3" + bytes([tag.version, 0, 0]) + _syncsafe(len(body)) + body)
    source.seek(tag.end)
    shutil.copyfileobj(source, target, 1 << 20)


def _read_tag(source: IO[bytes]) -> _Tag:
    """Return the tag of a file, an empty one of version 3 if it has none."""
    source.seek(0)
    header = source.read(_HEADER)
    if len(header) < _HEADER or header[:3] != b"ID3":
        return _Tag(3, (), 0)
    version, flags, size = header[3], header[5], _from_syncsafe(header[6:])
    if version not in (3, 4):
        raise InputError(f"its tag is ID3v2.{version}, which has no chapters", _REMEDY)
    body = source.read(min(size, _LARGEST + 1))
    if len(body) < size or size > _LARGEST:
        raise InputError("its ID3 tag is longer than the file, or than 100 MB", _REMEDY)
    end = _HEADER + size + (_HEADER if flags & _FOOTER else 0)
    # The new tag has no flags: in version 3, unsynchronisation is undone here; in version 4, each frame gets its flag.
    if version == 3 and flags & _UNSYNCHRONISED:
        body = body.replace(b"\xff\x00", b"\xff")
    if flags & _EXTENDED:
        body = body[_extension(body, version) :]
    frames = _frames(body, version)
    if version == 4 and flags & _UNSYNCHRONISED:
        frames = [frame[:9] + bytes([frame[9] | _FRAME_UNSYNCHRONISED]) + frame[10:] for frame in frames]
    return _Tag(version, tuple(frames), end)


def _extension(body: bytes, version: int) -> int:
    """Return the length of the extended header."""
    return int.from_bytes(body[:4], "big") + 4 if version == 3 else _from_syncsafe(body[:4])


def _frames(body: bytes, version: int) -> list[bytes]:
    """Return the frames in the body of a tag; raises InputError if they do not fill it.

    Some programs write the sizes of ID3v2.4 in the encoding of ID3v2.3, so the first encoding that fills the tag is
    used.
    """
    for syncsafe in (True, False) if version == 4 else (False,):
        try:
            return [_as_declared(frame, version) for frame in _divided(body, syncsafe)]
        except ValueError:
            continue
    raise InputError("its ID3 tag is damaged", _REMEDY)


def _divided(body: bytes, syncsafe: bool) -> Iterator[bytes]:
    """Yield the frames until the padding; raises ValueError if one has no valid name or does not fit."""
    offset = 0
    while offset + _HEADER <= len(body) and body[offset]:
        name, size = body[offset : offset + 4], body[offset + 4 : offset + 8]
        if not (name.isalnum() and name.upper() == name) or (syncsafe and max(size) > 0x7F):
            raise ValueError
        end = offset + _HEADER + (_from_syncsafe(size) if syncsafe else int.from_bytes(size, "big"))
        if end > len(body):
            raise ValueError
        yield body[offset:end]
        offset = end
    if any(body[offset:]):
        raise ValueError


def _as_declared(frame: bytes, version: int) -> bytes:
    """Return a frame with its size encoded as the version of the tag requires."""
    return frame[:4] + _size(len(frame) - _HEADER, version) + frame[8:]


def _chapter_frames(chapters: Sequence[Chapter], version: int) -> Iterator[bytes]:
    """Yield the table of contents, then a frame per chapter."""
    ids = [f"chp{number}".encode() for number in range(len(chapters))]
    yield _frame(
        b"CTOC",
        b"toc\0" + bytes([_TOP_AND_ORDERED, len(ids)]) + b"".join(chapter_id + b"\0" for chapter_id in ids),
        version,
    )
    for chapter_id, chapter in zip(ids, chapters, strict=True):
        times = b"".join(round((time or 0.0) * 1000).to_bytes(4, "big") for time in (chapter.start, chapter.end))
        title = _frame(b"TIT2", _text(chapter.title, version), version)
        yield _frame(b"CHAP", chapter_id + b"\0" + times + 2 * _NO_OFFSET + title, version)


def _frame(name: bytes, content: bytes, version: int) -> bytes:
    return name + _size(len(content), version) + bytes(2) + content


def _size(length: int, version: int) -> bytes:
    """Return the length of a frame, encoded for its header."""
    return _syncsafe(length) if version == 4 else length.to_bytes(4, "big")


def _text(text: str, version: int) -> bytes:
    """Return the content of a text frame: UTF-8 from version 4 on, UTF-16 before."""
    return b"\x03" + text.encode() if version == 4 else b"\x01\xff\xfe" + text.encode("utf-16-le")


def _syncsafe(number: int) -> bytes:
    """Return a number as four bytes of seven bits.

    >>> _syncsafe(257).hex(), _from_syncsafe(_syncsafe(257))
    ('00000201', 257)
    """
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _from_syncsafe(data: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))
