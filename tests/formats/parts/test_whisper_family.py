from __future__ import annotations

import json

import pytest

from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.whisper_family import dialect, json_by_segment, read_segment
from meetscribe.transcript.json_node import Node


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"segments": [{"id": 0, "words": [{"probability": 0.5}]}], "language": "en"}, "whisper"),
        ({"segments": [{"words": [{"score": 0.5}]}]}, "whisperx"),
        ({"segments": [{"speaker": "A", "text": "a"}]}, "whisperx"),
        ({"segments": [{"speaker": "A", "start": 0, "end": 1}], "words": []}, None),
        ({"segments": [], "word_segments": []}, "whisperx"),
        ({"task": "transcribe", "duration": 1, "segments": []}, "verbose_json"),
        ({"segments": [{"type": "transcript.text.segment"}]}, "diarized_json"),
        ({"version": "1.0.0", "segments": []}, None),
        ({"text": ""}, None),
    ],
)
def test_dialects(document: dict[str, object], expected: str | None) -> None:
    """The dialects differ in their members; JSON with a version or a schema belongs to other formats."""
    assert dialect(Document(json.dumps(document).encode())) == expected


def test_segments_without_times_take_those_of_their_words() -> None:
    """A segment without start and end spans its words, which inherit its speaker unless they have their own."""
    words = [{"word": " so", "start": 1.0, "end": 1.5}, {"word": "be", "start": 2.0, "end": 2.5, "speaker": None}]
    segment = read_segment(Node({"words": words, "speaker": 3}))
    assert segment is not None
    assert (segment.start, segment.end) == (1.0, 2.5)
    assert [word.speaker for word in segment.words] == ["SPEAKER_03", None]


def test_each_segment_has_a_line() -> None:
    """The JSON is valid and has one segment per line between the other members."""
    text = json_by_segment({"a": 1}, [{"x": "ü"}, {"x": 2}], {"b": None})
    assert text == '{"a": 1,\n"segments": [\n{"x": "ü"},\n{"x": 2}\n],\n"b": null}\n'
    assert json.loads(json_by_segment({}, [], {})) == {"segments": []}
