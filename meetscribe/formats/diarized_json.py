"""OpenAI's `diarized_json`: what each speaker says, without words' times; dialects are told in whisper."""

from __future__ import annotations

from typing import Any

from meetscribe.formats.parts.building import assemble, read_time
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.parsed_cues import UNKNOWN
from meetscribe.formats.parts.utterances import speaker_name, utterances
from meetscribe.formats.whisper import dialect, json_by_segment, read_segment
from meetscribe.text.languages import code_of
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.reading import Node


def matches(document: Document) -> bool:
    """Whether the file is OpenAI's diarized_json."""
    return dialect(document) == "diarized_json"


def read(document: Document) -> Transcript:
    """The transcript; words share out the time of their segment. Raises InputError naming the place."""
    root = document.root
    segments = [_read(node) for node in root["segments"].items()]
    language = code_of(root.get("language").optional_text() or "")
    return assemble(segments, language, read_time(root.get("duration")))


def _read(node: Node) -> Segment | None:
    if node.get("speaker").value == UNKNOWN and isinstance(node.value, dict):
        return read_segment(Node(node.value | {"speaker": None}, node.key, node.parent))
    return read_segment(node)


def write(transcript: Transcript) -> str:
    """OpenAI's diarized_json; the speaker "?" is one who is not known."""
    spoken = list(utterances(transcript))
    text = " ".join(one.text for one in spoken)
    rows = (_segment(transcript, *pair) for pair in enumerate(spoken))
    return json_by_segment({"task": "transcribe", "duration": transcript.duration, "text": text}, rows, {})


def _segment(transcript: Transcript, index: int, one: Segment) -> dict[str, Any]:
    return {
        "type": "transcript.text.segment",
        "id": f"seg_{index:03d}",
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "speaker": speaker_name(transcript, one) or UNKNOWN,
    }
