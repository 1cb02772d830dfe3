"""DOTE's JSON (Distributed Open Transcription Environment): lines with times and speakers."""

from __future__ import annotations

from meetscribe.formats.parts.building import assemble, read_clock, read_speaker, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node


def matches(document: Document) -> bool:
    """Return whether the file has lines with the members of DOTE."""
    return {"startTime", "speakerDesignation"} <= set(document.first_object("lines"))


def read(document: Document) -> Transcript:
    """Read a segment per line; raises InputError naming the path of the invalid value."""
    return assemble(map(_segment, document.root["lines"].items()))


def _segment(node: Node) -> Segment | None:
    start = read_clock(node["startTime"]) or 0.0
    end = read_clock(node.get("endTime"))
    speaker = read_speaker(node.get("speakerDesignation"))
    return segment_from_text(node.get("text").optional_text() or "", start, max(start, end or start), speaker)
