"""The JSON of Whisper and related programs: detect the dialect, read segments, and write speakers.

Dialects: openai-whisper and faster-whisper ("whisper"), whisperX, and OpenAI's `verbose_json` and `diarized_json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from meetscribe.formats.parts.building import (
    ParsedWord,
    read_probability,
    read_speaker,
    read_time,
    segment_from_text,
    segment_from_words,
)
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Segment, Transcript, Word
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.json_node import Node

Dialect: TypeAlias = Literal["whisper", "whisperx", "verbose_json", "diarized_json"]


def dialect(document: Document) -> Dialect | None:
    """Return the dialect of Whisper's JSON in a file; None for other files."""
    keys, first = document.member_names(), document.first_object("segments")
    # The podcast namespace's JSON has a version, native JSON a schema.
    if "version" in keys or "schema" in keys or not keys & {"segments", "words"}:
        return None
    if str(first.get("type", "")).startswith("transcript.text"):
        return "diarized_json"
    spoken = {"text", "words"} & set(first)
    if "duration" in keys and ("task" in keys or ("words" in keys and ("text" in keys or spoken))):
        return "verbose_json"
    if first and not spoken:  # turns, as in `word_list`
        return None
    words = first.get("words")
    word = words[0] if isinstance(words, list) and words else None
    # Whisper's words have a probability, whisperX's a score or nothing; its segments have no id.
    scored = isinstance(word, dict) and "probability" not in word
    named = "speaker" in first and "id" not in first
    if "word_segments" in keys or scored or named:
        return "whisperx"
    return "whisper" if "segments" in keys else None


def read_segment(node: Node) -> Segment | None:
    """Read an object with `start`, `end`, `text` and optionally `words` and `speaker`."""
    speaker = read_speaker(node.get("speaker"))
    words = [read_word(word, speaker) for word in node.get("words").items()] if node.get("words").value else []
    starts = [word.start for word in words if word.start is not None]
    start = read_time(node.get("start"))
    if start is None:
        start = min(starts, default=0.0)
    end = read_time(node.get("end"))
    if end is None:
        end = max((word.end for word in words if word.end is not None), default=start)
    return segment_from_words(words, start, end) or segment_from_text(
        node.get("text").optional_text() or "", start, end, speaker
    )


def read_word(node: Node, speaker: str | None = None) -> ParsedWord:
    """Read an object with `word`; `speaker` applies if it has no member `speaker` (null is a member)."""
    given = node.get("speaker", speaker)
    return ParsedWord(
        text=node["word"].text(),
        start=read_time(node.get("start")),
        end=read_time(node.get("end")),
        speaker=read_speaker(given),
        score=read_probability(node.get("score")),
        probability=read_probability(node.get("probability")),
    )


def json_by_segment(before: dict[str, Any], segments: Iterable[dict[str, Any]], after: dict[str, Any]) -> str:
    """Return a JSON object with one segment per line between other members."""
    head = [f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in before.items()]
    tail = [f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in after.items()]
    rows = ",\n".join(json.dumps(segment, ensure_ascii=False) for segment in segments)
    return "{" + ",\n".join([*head, f'"segments": [\n{rows}\n]' if rows else '"segments": []', *tail]) + "}\n"


def speaker_members(transcript: Transcript, word: Word, segment: Segment) -> dict[str, str | None]:
    """Return the member `speaker` of a word: its speaker, null if only its segment has one, or no member."""
    if word.speaker is not None:
        return {"speaker": shown_name(transcript, word.speaker)}
    return {} if segment.speaker is None else {"speaker": None}
