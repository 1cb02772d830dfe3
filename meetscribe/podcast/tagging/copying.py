"""Copy a media file with chapters added in the form that its container uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TypeAlias

from meetscribe.errors import InputError, OutputError, os_reason
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.tagging.id3 import is_mp3, write_id3
from meetscribe.podcast.tagging.mp4 import write_mp4
from meetscribe.podcast.tagging.ogg import write_ogg
from meetscribe.storage.files import replacing_file
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds

MOST = 255
"""The largest number of chapters that ID3v2 and MP4 can hold."""

_Writer: TypeAlias = Callable[[IO[bytes], IO[bytes], Sequence[Chapter]], None]
_HEAD = 12  # bytes at the start of a file that identify its container
_REMEDY = "Chapters are written for MP3, M4A, Ogg Vorbis and Opus."


def can_tag(source: Path) -> bool:
    """Return whether the container of a file supports chapters; raises InputError if the file is unreadable."""
    try:
        with source.open("rb") as data:
            return _writer(data) is not None
    except OSError as error:
        raise InputError(f"{source} cannot be read: {os_reason(error)}", "Check the path.") from error


def write_tagged_copy(
    source: Path, target: Path, chapters: Sequence[Chapter], duration: Seconds, *, in_place: bool = False
) -> None:
    """Write a copy of an MP3, M4A, Ogg Vorbis or Opus file with its chapters replaced by `chapters`.

    The container is recognised by its content; audio and other tags are copied unchanged. A chapter without an end
    lasts until the next one, the last one until `duration`. The copy replaces `target` atomically, with mode 0600.
    Raises InputError if the source cannot be read, has another container, or the number of chapters is not 1 to 255;
    OutputError if the target cannot be written, or is the source, unless `in_place` is on.
    """
    if not 0 < len(chapters) <= MOST:
        raise InputError(f"{source} cannot hold {len(chapters)} chapters", f"Give 1 to {MOST}.")
    if not in_place and target.exists() and target.samefile(source):
        raise OutputError(f"{target} is the episode itself", "Choose another folder with -o.")
    try:
        with source.open("rb") as data:
            writer = _writer(data)
            if writer is None:
                raise InputError("its container is unknown", _REMEDY)
            with replacing_file(target) as copy:
                writer(data, copy, _complete(chapters, duration))
    except InputError as error:
        raise InputError(f"{source}: {error.message}", error.remedy) from error
    except OSError as error:
        raise OutputError(f"{target}: {os_reason(error)}", "Choose another folder with -o.") from error


def _writer(data: IO[bytes]) -> _Writer | None:
    """Return the writer for the container of an open file, None for an unsupported one."""
    head = data.read(_HEAD)
    if head[4:8] == b"ftyp":
        return write_mp4
    if head[:4] == b"OggS":
        return write_ogg
    return write_id3 if is_mp3(head) else None


def _complete(chapters: Sequence[Chapter], duration: Seconds) -> list[Chapter]:
    """Return the chapters in order of time, each with a title and an end not before its start."""
    ordered = sorted(chapters, key=lambda chapter: chapter.start)
    follows = [*(chapter.start for chapter in ordered[1:]), max(duration, ordered[-1].start)]
    return [
        replace(
            chapter,
            end=max(chapter.start, chapter.end if chapter.end is not None else after),
            title=one_line(chapter.title) or f"Chapter {number}",
        )
        for number, (chapter, after) in enumerate(zip(ordered, follows, strict=True), 1)
    ]
