"""The output of Transformers' speech recognition pipeline, read only: its chunks, which may be single words."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.formats.parts.building import (
    assemble,
    read_speaker,
    read_time,
    segment_from_text,
    segments_from_single_words,
)
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node


def matches(document: Document) -> bool:
    """Return whether the file has chunks with timestamps."""
    return any("timestamp" in document.first_object(key) for key in ("chunks", "speakers"))


def read(document: Document) -> Transcript:
    """Read the chunks, or the chunks with speakers that insanely-fast-whisper adds.

    A chunk without an end lasts until the next starts; if all chunks are words, the segments are sentences. Raises
    InputError naming the path of the invalid value.
    """
    root = document.root
    rows = list(root["speakers" if root.get("speakers").value else "chunks"].items())
    segments = [segment for segment in _segments(rows) if segment is not None]
    if not all(len(segment.words) == 1 for segment in segments):
        return assemble(segments)
    return assemble(segments_from_single_words(segments))


def _segments(rows: list[Node]) -> Iterator[Segment | None]:
    times = [[read_time(time) for time in row["timestamp"].items()] for row in rows]
    starts = [pair[0] or 0.0 if pair else 0.0 for pair in times]
    for row, pair, start, after in zip(rows, times, starts, [*starts[1:], *starts[-1:]], strict=True):
        end = pair[1] if len(pair) > 1 else None
        speaker = read_speaker(row.get("speaker"))
        yield segment_from_text(row["text"].text(), start, max(start, after if end is None else end), speaker)
