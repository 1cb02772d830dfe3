"""YouTube's captions as JSON (`json3`), as yt-dlp downloads them."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.formats.parts.building import read_time
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.youtube import Event, transcript_of
from meetscribe.transcript import Transcript
from meetscribe.transcript.json_node import Node


def matches(document: Document) -> bool:
    """Return whether the file has events with times in YouTube's spelling."""
    return "events" in document.member_names() and (
        "wireMagic" in document.member_names() or "tStartMs" in document.first_object("events")
    )


def read(document: Document) -> Transcript:
    """Read a segment per event; automatic captions give words their starts.

    Raises InputError naming the path of the invalid value.
    """
    return transcript_of(list(_events(document.root)), document)


def _events(root: Node) -> Iterator[Event]:
    for node in root["events"].items():
        if node.get("segs").value:
            start, duration = (read_time(node.get(key, 0), 0.001) or 0.0 for key in ("tStartMs", "dDurationMs"))
            segs = [(seg, seg.get("utf8").optional_text() or "") for seg in node["segs"].items()]
            yield Event(start, duration, [(read_time(seg.get("tOffsetMs", 0), 0.001), text) for seg, text in segs])
