"""Chapters in M4A and MP4: `moov` is rewritten, all other boxes are copied."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

from meetscribe.errors import InputError
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.tagging.mp4_boxes import Box, Location, damaged, full_box, top_level
from meetscribe.podcast.tagging.mp4_chapters import chapter_list, chapter_samples, chapter_track

_OFFSETS = {b"stco": ("I", 4), b"co64": ("Q", 8)}
"""The format character of struct, and the size in bytes, of an offset in each kind of table of chunk offsets."""

_TO_OFFSETS = (b"mdia", b"minf", b"stbl")
"""The path from a track to its table of chunk offsets."""


def write_mp4(source: IO[bytes], target: IO[bytes], chapters: Sequence[Chapter]) -> None:
    """Copy an M4A or MP4 file with its chapters replaced by `chapters`, as a Nero list and as a text track.

    Every chapter must have an end. Raises InputError for a damaged, incomplete or fragmented file, and for one without
    audio.
    """
    length = source.seek(0, os.SEEK_END)
    boxes = top_level(source, length)
    location = next((box for box in boxes if box.kind == b"moov"), None)
    if location is None or any(box.kind == b"moof" for box in boxes):
        raise InputError(
            "it is fragmented MP4, or lacks its index (moov)", "Rewrite it without fragments: ffmpeg -i IN -c copy OUT."
        )
    old = location.read(source)
    # The titles follow all other boxes, after the 8 bytes of the header of their own `mdat`.
    growth = len(_with_chapters(old, chapters, lambda at: at, 0).to_bytes()) - location.size
    moov = _with_chapters(old, chapters, lambda at: at + growth if at >= location.end else at, length + growth + 8)
    for box in boxes:
        if box is location:
            target.write(moov.to_bytes())
        else:
            _copy(source, target, box)
    target.write(Box(b"mdat", b"".join(chapter_samples(chapters))).to_bytes())


def _copy(source: IO[bytes], target: IO[bytes], box: Location) -> None:
    """Copy a box; write the size of one that lasted to the end of the file, because another box follows."""
    source.seek(box.start)
    head = source.read(box.header)
    if head[:4] == bytes(4):
        if box.size >= 1 << 32:
            raise InputError("its last box is larger than 4 GB", "Rewrite the file: ffmpeg -i IN -c copy OUT.")
        head = box.size.to_bytes(4, "big") + head[4:]
    target.write(head)
    left = box.size - box.header
    while left:
        block = source.read(min(left, 1 << 20))
        if not block:
            raise damaged()
        target.write(block)
        left -= len(block)


@dataclass(frozen=True, slots=True)
class _Movie:
    """Values of a movie header: time units per second, and the first free track id."""

    timescale: int
    next_track: int


def _with_chapters(moov: Box, chapters: Sequence[Chapter], moved: Callable[[int], int], samples: int) -> Box:
    """Return the box `moov` with the chapters.

    `moved` maps a byte offset in the file to its new one; `samples` is the byte offset of the titles.
    """
    boxes = moov.children
    header = moov.child(b"mvhd")
    audio = next((box for box in boxes if _is_audio(box)), None)
    if header is None or audio is None:
        raise InputError("it has no audio", "Give the audio or video file of the episode.")
    movie = _movie(header)
    old_chapters = _references(audio)
    # The last field of the movie header is the next free track id.
    children = [Box(b"mvhd", header.content[:-4] + struct.pack(">I", movie.next_track + 1))]
    for box in boxes:
        if box is audio:
            children.append(_referring(_moved(box, moved), movie.next_track))
        elif box.kind == b"trak" and _track_id(box) not in old_chapters:
            children.append(_moved(box, moved))
        elif box.kind not in (b"mvhd", b"trak", b"udta"):
            children.append(box)
    children.append(chapter_track(chapters, movie.next_track, movie.timescale, samples))
    children.append(_user_data(moov.child(b"udta"), chapters))
    return moov.with_children(children)


def _movie(header: Box) -> _Movie:
    """Return the values of a movie header, version 0 or 1."""
    offset = 20 if header.content[:1] == b"\x01" else 12
    if len(header.content) < offset + 8:
        raise damaged()
    timescale = int.from_bytes(header.content[offset : offset + 4], "big")
    return _Movie(timescale, int.from_bytes(header.content[-4:], "big"))


def _is_audio(box: Box) -> bool:
    """Return whether a box is an audio track."""
    handler = box.child(b"mdia", b"hdlr") if box.kind == b"trak" else None
    return handler is not None and handler.content[8:12] == b"soun"


def _track_id(track: Box) -> int:
    header = track.child(b"tkhd")
    if header is None:
        raise damaged()
    offset = 20 if header.content[:1] == b"\x01" else 12
    return int.from_bytes(header.content[offset : offset + 4], "big")


def _references(audio: Box) -> set[int]:
    """Return the ids of the chapter tracks that an audio track refers to."""
    chapters = audio.child(b"tref", b"chap")
    content = chapters.content if chapters else b""
    return {int.from_bytes(content[offset : offset + 4], "big") for offset in range(0, len(content), 4)}


def _referring(audio: Box, track: int) -> Box:
    """Return an audio track that refers to another track for its chapters."""
    reference = Box(b"chap", struct.pack(">I", track))
    old = audio.child(b"tref")
    others = [box for box in old.children if box.kind != b"chap"] if old else []
    kept = [box for box in audio.children if box.kind != b"tref"]
    return audio.with_children([*kept, Box(b"tref", b"").with_children([*others, reference])])


def _user_data(old: Box | None, chapters: Sequence[Chapter]) -> Box:
    """Return the user data with the Nero chapter list."""
    kept = [box for box in old.children if box.kind != b"chpl"] if old else []
    return Box(b"udta", b"").with_children([*kept, chapter_list(chapters)])


def _moved(box: Box, moved: Callable[[int], int], path: Sequence[bytes] = _TO_OFFSETS) -> Box:
    """Return a track with the new offsets of its chunks."""
    return box.with_children(
        [
            _moved(child, moved, path[1:])
            if path and child.kind == path[0]
            else _with_offsets(child, moved)
            if not path and child.kind in _OFFSETS
            else child
            for child in box.children
        ]
    )


def _with_offsets(box: Box, moved: Callable[[int], int]) -> Box:
    """Return a table of chunk offsets with the new ones; raises InputError if one exceeds the table's 32 bits."""
    code, size = _OFFSETS[box.kind]
    count = int.from_bytes(box.content[4:8], "big")
    if len(box.content) < 8 + count * size:
        raise damaged()
    offsets = [moved(at) for at in struct.unpack_from(f">{count}{code}", box.content, 8)]
    try:
        return full_box(box.kind, struct.pack(f">I{count}{code}", count, *offsets))
    except struct.error as error:
        raise InputError(
            "it is too large for its table of chunk offsets", "Rewrite it: ffmpeg -i IN -c copy OUT."
        ) from error
