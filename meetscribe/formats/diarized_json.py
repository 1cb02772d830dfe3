"""OpenAI's `diarized_json`: the text of each speaker turn, without word times."""

from __future__ import annotations

from typing import Any

from meetscribe.formats.parts.building import assemble, read_time
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import UNKNOWN
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.formats.parts.whisper_family import dialect, json_by_segment, read_segment
from meetscribe.text.languages import code_of
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.utterances import utterances


def matches(document: Document) -> bool:
    """Return whether the file is OpenAI's diarized_json."""
    return dialect(document) == "diarized_json"


def read(document: Document) -> Transcript:
    """Read the segments, dividing the time of each among its words.

    Raises InputError naming the path of the invalid value.
    """
    root = document.root
    segments = [_read(node) for node in root["segments"].items()]
    language = code_of(root.get("language").optional_text() or "")
    return assemble(segments, language, read_time(root.get("duration")))


def _read(node: Node) -> Segment | None:
    if node.get("speaker").value == UNKNOWN and isinstance(node.value, dict):
        return read_segment(Node(node.value | {"speaker": None}, node.key, node.parent))
    return read_segment(node)


def write(transcript: Transcript) -> str:
    """Write OpenAI's diarized_json; an unknown speaker is "?"."""
    spoken_parts = list(utterances(transcript))
    text = " ".join(utterance.text for utterance in spoken_parts)
    rows = (_segment(transcript, *pair) for pair in enumerate(spoken_parts))
    return json_by_segment({"task": "transcribe", "duration": transcript.duration, "text": text}, rows, {})


def _segment(transcript: Transcript, index: int, utterance: Segment) -> dict[str, Any]:
    return {
        "type": "transcript.text.segment",
        "id": f"seg_{index:03d}",
        "start": utterance.start,
        "end": utterance.end,
        "text": utterance.text,
        "speaker": speaker_name(transcript, utterance) or UNKNOWN,
    }
