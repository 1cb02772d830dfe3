"""SegLST, the JSON of the CHiME challenges and of meeteval: an object per utterance."""

from __future__ import annotations

import json

from meetscribe.formats.building import assemble, segment_of_text
from meetscribe.formats.document import Document
from meetscribe.formats.speech import UNKNOWN_FIELD, named, recording_field, utterances
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.plain import one_line
from meetscribe.transcript.reading import Node


def claims(document: Document) -> bool:
    """Whether the file is a list of objects with `words` and a time."""
    rows = document.json
    if not isinstance(rows, list):
        return False
    return not rows or (isinstance(rows[0], dict) and {"words", "start_time"} <= set(rows[0]))


def read(document: Document) -> Transcript:
    """The transcript of the first session, a segment for each object; raises InputError naming the place."""
    rows = list(document.root.items())
    sessions = list(dict.fromkeys(str(row.get("session_id").value) for row in rows))
    if len(sessions) > 1:
        document.root.fail(f"holds several sessions: {', '.join(sessions[:5])}")
    return assemble(map(_segment, rows), source=None)


def _segment(node: Node) -> Segment | None:
    start, end = _time(node["start_time"]), _time(node["end_time"])
    speaker = one_line(node.get("speaker").optional_text() or "") or None
    return segment_of_text(node["words"].text(), start, max(start, end), None if speaker == UNKNOWN_FIELD else speaker)


def _time(node: Node) -> float:
    """A time, which CHiME also writes as text."""
    if isinstance(node.value, str):
        try:
            node = Node(float(node.value), node.key, node.parent)
        except ValueError:
            node.fail("expected a number")
    return max(0.0, node.number())


def write(transcript: Transcript) -> str:
    """An object per utterance, one to the line, speakers by name; "unknown" is one who is not known."""
    session = recording_field(transcript)
    rows = [
        {
            "session_id": session,
            "speaker": named(transcript, one) or UNKNOWN_FIELD,
            "start_time": one.start,
            "end_time": one.end,
            "words": one_line(one.text),
        }
        for one in utterances(transcript)
    ]
    return "[" + ",\n ".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]\n"
