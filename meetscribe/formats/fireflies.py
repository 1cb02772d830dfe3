"""Fireflies' JSON: sentences with times and speakers, as its API or its web page exports them."""

from __future__ import annotations

from meetscribe.formats.parts.building import assemble, read_clock, read_speaker, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node


def matches(document: Document) -> bool:
    """Return whether the file has sentences with the members of Fireflies."""
    sentences = _sentences(document.root) if document.json is not None else None
    first = sentences.value[0] if sentences and isinstance(sentences.value, list) and sentences.value else None
    return isinstance(first, dict) and "speaker_name" in first and bool({"sentence", "raw_text", "text"} & set(first))


def read(document: Document) -> Transcript:
    """Read a segment per sentence; raises InputError naming the path of the invalid value."""
    sentences = _sentences(document.root)
    if sentences is None:
        document.root.fail("no list of sentences")
    transcript = assemble(map(_segment, sentences.items()))
    parent = sentences.parent
    title = parent.get("title").value if parent is not None else None
    return transcript.with_meta(title=one_line(title) or None) if isinstance(title, str) else transcript


def _sentences(root: Node) -> Node | None:
    """Return the list of sentences: the file itself, a member, or a member of the service's response."""
    node = root
    for key in ("data", "transcript", "sentences"):
        if isinstance(node.value, dict) and key in node.value:
            node = node[key]
    return node if isinstance(node.value, list) else None


def _segment(node: Node) -> Segment | None:
    text = next((text for key in ("sentence", "text", "raw_text") if (text := node.get(key).optional_text())), "")
    start, end = (
        next((time for key in keys if (time := read_clock(node.get(key))) is not None), None)
        for keys in (("start_time", "startTime"), ("end_time", "endTime"))
    )
    speaker = read_speaker(node.get("speaker_name")) or read_speaker(node.get("speaker_id"))
    return segment_from_text(text, start or 0.0, max(start or 0.0, end or 0.0), speaker)
