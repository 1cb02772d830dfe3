"""New paragraphs of a corrected copy that name a new speaker and have no time, such as `Dora: Sounds good.`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile

from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import UNKNOWN, split_name
from meetscribe.formats.parts.timed_lines import starts_with_time
from meetscribe.formats.parts.word_document import lines_of
from meetscribe.formats.protocol import Format
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript

_TIMED = re.compile(r"\[\d+:\d{2}")


def lines_of_copy(data: bytes, name: str, row: Format, encoding: str | None = None) -> tuple[str, ...]:
    """Return the lines of a copy in plain text, or the paragraphs of a Word document; none for other formats."""
    if row.name == "docx":
        return tuple(one_line(line) for line, _ in lines_of(data, name))
    return tuple(map(one_line, Document(data, name, encoding).text.splitlines())) if row.name == "txt" else ()


def with_new_speakers(
    copy: Transcript, transcript: Transcript, lines: Iterable[str]
) -> tuple[Transcript, tuple[str, ...]]:
    """Return the copy with the speakers whom its lines without a time introduce, and the lines of unknown speakers.

    Such a line is below one that starts with a time in brackets, and was read as words of the speaker before it. It
    begins with a name that no line with a time has, and that is not part of the text of the `transcript`. Its words,
    and those that follow in the segment, become the speaker's.
    """
    before = transcript.edited()
    spoken = f" {' '.join(word.text for word in before.words)} "
    found: list[str] = []
    for line in dropwhile(lambda line: not _TIMED.match(line), lines):
        name, rest = split_name(line)
        label = line.removesuffix(rest).strip()
        if name in (None, UNKNOWN) or not rest or f" {label} " in spoken or starts_with_time(line):
            continue
        texts, skipped = line.split(), len(label.split())
        segments = tuple(part for one in copy.segments for part in _divided(one, texts, skipped, name))
        if len(segments) > len(copy.segments):
            copy = copy.with_segments(segments)
            found += [line] if name not in before.speakers else []
    return copy, tuple(found)


def _divided(segment: Segment, texts: list[str], skipped: int, speaker: str | None) -> Iterator[Segment]:
    """Yield the segment up to a line, and from there as words of the speaker, without the words of the name.

    Without the line, or if it is at the start of the segment, the segment is yielded unchanged.
    """
    spoken = [word.text for word in segment.words]
    starts = range(1, len(spoken) - len(texts) + 1)
    start = next((index for index in starts if spoken[index : index + len(texts)] == texts), None)
    if start is None:
        yield segment
        return
    yield Segment(segment.words[:start])
    yield Segment(tuple(word.attributed(speaker, None, None, False) for word in segment.words[start + skipped :]))
