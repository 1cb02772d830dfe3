"""SegLST, the JSON of the CHiME challenges and of meeteval: an object per utterance."""

from __future__ import annotations

import json

from meetscribe.formats.parts.building import assemble, read_speaker, read_time, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.utterances import UNKNOWN_FIELD, recording_field, speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.utterances import utterances


def matches(document: Document) -> bool:
    """Return whether the file is a list of objects with `words` and a session or a time."""
    rows = document.json
    if not isinstance(rows, list):
        return False
    first = set(rows[0]) if rows and isinstance(rows[0], dict) else set()
    return not rows or ("words" in first and bool(first & {"start_time", "session_id"}))


def read(document: Document) -> Transcript:
    """Read a segment per object of a single session; raises InputError naming the path of the invalid value."""
    rows = list(document.root.items())
    sessions = list(dict.fromkeys(str(row.get("session_id").value) for row in rows))
    if len(sessions) > 1:
        document.root.fail(f"holds several sessions: {', '.join(sessions[:5])}")
    return assemble(map(_segment, rows))


def _segment(node: Node) -> Segment | None:
    start, end = read_time(node["start_time"]) or 0.0, read_time(node["end_time"]) or 0.0
    speaker = read_speaker(node.get("speaker"))
    return segment_from_text(
        node["words"].text(), start, max(start, end), None if speaker == UNKNOWN_FIELD else speaker
    )


def write(transcript: Transcript) -> str:
    """Write an object per utterance and line, with speaker names; an unknown speaker is "unknown"."""
    session = recording_field(transcript)
    rows = [
        {
            "session_id": session,
            "speaker": speaker_name(transcript, utterance) or UNKNOWN_FIELD,
            "start_time": utterance.start,
            "end_time": utterance.end,
            "words": one_line(utterance.text),
        }
        for utterance in utterances(transcript)
    ]
    return "[" + ",\n ".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]\n"
