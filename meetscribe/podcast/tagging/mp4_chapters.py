"""The two forms of chapters in MP4: the Nero list `chpl`, and the text track of the QuickTime File Format."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import pairwise

from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.tagging.mp4_boxes import Box, full_box

TIMESCALE = 1000
"""Units per second of the text track."""

_UNITY = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)  # the identity as a matrix of fixed points
_UTF8 = struct.pack(">I4sI", 12, b"encd", 0x00000100)  # the box that declares a title to be UTF-8
_LONGEST = 255  # bytes of a title in `chpl`


def chapter_list(chapters: Sequence[Chapter]) -> Box:
    """Return the Nero chapter list, with starts in units of 100 ns."""
    rows = b"".join(
        struct.pack(">QB", round(chapter.start * 10_000_000), len(title)) + title
        for chapter, title in ((chapter, _cut(chapter.title)) for chapter in chapters)
    )
    return full_box(b"chpl", struct.pack(">IB", 0, len(chapters)) + rows, version=1)


def chapter_samples(chapters: Sequence[Chapter]) -> list[bytes]:
    """Return the samples of the text track: the length of a title, the title, and a marker for UTF-8."""
    return [struct.pack(">H", len(title)) + title + _UTF8 for title in (chapter.title.encode() for chapter in chapters)]


def chapter_track(chapters: Sequence[Chapter], number: int, timescale: int, offset: int) -> Box:
    """Return a disabled text track with a sample per chapter, from 0 on, without gaps.

    `number` is the track's id, `timescale` that of the movie, `offset` the byte offset of the samples in the file.
    """
    starts = [0, *(round(chapter.start * TIMESCALE) for chapter in chapters[1:])]
    total = max(round((chapters[-1].end or 0.0) * TIMESCALE), starts[-1])
    lengths = [after - start for start, after in pairwise([*starts, total])]
    header = struct.pack(">5I", 0, 0, number, 0, round(total * timescale / TIMESCALE))
    track = full_box(b"tkhd", header + bytes(16) + _UNITY + bytes(8), flags=2)
    media = full_box(b"mdhd", struct.pack(">4I2H", 0, 0, TIMESCALE, total, 0x55C4, 0))  # 0x55C4: undetermined language
    handler = full_box(b"hdlr", b"mhlrtext" + bytes(12) + b"\x08Chapters")
    media_information = Box(b"minf", b"").with_children(
        [_media_header(), _data_reference(), _table(chapters, lengths, offset)]
    )
    return Box(b"trak", b"").with_children(
        [track, Box(b"mdia", b"").with_children([media, handler, media_information])]
    )


def _media_header() -> Box:
    """Return the generic media header, for media without a specific one."""
    # The default graphics mode (dither copy) with a grey colour, and no balance.
    general = full_box(b"gmin", struct.pack(">6H", 0x40, 0x8000, 0x8000, 0x8000, 0, 0))
    return Box(b"gmhd", b"").with_children([general, Box(b"text", _UNITY)])


def _data_reference() -> Box:
    """Return the reference to the same file."""
    return Box(b"dinf", full_box(b"dref", struct.pack(">I", 1) + full_box(b"url ", b"", flags=1).to_bytes()).to_bytes())


def _table(chapters: Sequence[Chapter], lengths: Sequence[int], offset: int) -> Box:
    """Return the sample table, with all samples in one chunk."""
    sizes = [len(sample) for sample in chapter_samples(chapters)]
    # The fields of a text description, all zero: display flags, justification, background colour, text box, reserved,
    # font number, font face, reserved, reserved, foreground colour, and the length of the font's name.
    description = struct.pack(">6xH", 1) + bytes(4 + 4 + 6 + 8 + 8 + 2 + 2 + 1 + 2 + 6 + 1)
    count = len(chapters)
    times = b"".join(struct.pack(">2I", 1, length) for length in lengths)
    return Box(b"stbl", b"").with_children(
        [
            full_box(b"stsd", struct.pack(">I", 1) + Box(b"text", description).to_bytes()),
            full_box(b"stts", struct.pack(">I", count) + times),
            full_box(b"stsc", struct.pack(">4I", 1, 1, count, 1)),
            full_box(b"stsz", struct.pack(">2I", 0, count) + struct.pack(f">{count}I", *sizes)),
            full_box(b"co64", struct.pack(">IQ", 1, offset)),
        ]
    )


def _cut(title: str) -> bytes:
    """Return a title in at most 255 bytes of UTF-8."""
    return title.encode()[:_LONGEST].decode("utf-8", "ignore").encode()
