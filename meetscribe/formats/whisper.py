"""Whisper's JSON (openai-whisper, faster-whisper's command lines), with the speakers as further members.

Also here: what tells the members of that family apart, and how their segments are read; how whisperX and OpenAI's
service spell theirs is in their own files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from meetscribe.formats.parts.building import (
    ParsedWord,
    assemble,
    read_probability,
    read_speaker,
    read_time,
    segment_from_text,
    segment_from_words,
)
from meetscribe.formats.parts.document import Document
from meetscribe.text.languages import code_of
from meetscribe.transcript import Segment, Transcript, Word
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.reading import Node

Dialect: TypeAlias = Literal["whisper", "whisperx", "verbose_json", "diarized_json"]


def matches(document: Document) -> bool:
    """Whether the file is Whisper's JSON, or the list of its segments alone, as faster-whisper's users save it."""
    first = document.json[0] if isinstance(document.json, list) and document.json else None
    bare = isinstance(first, dict) and {"start", "end", "text"} <= set(first)
    return bare or dialect(document) == "whisper"


def dialect(document: Document) -> Dialect | None:
    """Which member of the family a file is; None if it is of another."""
    keys, first = document.member_names(), document.first_object("segments")
    if "version" in keys or "schema" in keys or not keys & {"segments", "words"}:
        return None
    if str(first.get("type", "")).startswith("transcript.text"):
        return "diarized_json"
    if "duration" in keys and keys & {"task", "words"}:
        return "verbose_json"
    words = first.get("words")
    word = words[0] if isinstance(words, list) and words else None
    scored = isinstance(word, dict) and "probability" not in word
    named = "speaker" in first and "id" not in first
    if "word_segments" in keys or scored or named:
        return "whisperx"
    return "whisper" if "segments" in keys else None


def read(document: Document) -> Transcript:
    """The transcript in Whisper's JSON; raises InputError naming the place that is wrong.

    A word without times lies between its neighbours, one without a speaker has its segment's, and a segment
    without words has its time shared out among those of its text.
    """
    root = document.root
    if isinstance(root.value, list):
        return assemble(map(read_segment, root.items()))
    language = code_of(root.get("language").optional_text() or "")
    return assemble(map(read_segment, root["segments"].items()), language)


def read_segment(node: Node) -> Segment | None:
    """The segment of an object with `start`, `end`, `text` and perhaps `words` and `speaker`."""
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
    """The word of an object with `word`; it has that speaker if it does not say its own, not even null."""
    own = node.get("speaker", speaker)
    return ParsedWord(
        text=node["word"].text(),
        start=read_time(node.get("start")),
        end=read_time(node.get("end")),
        speaker=read_speaker(own),
        score=read_probability(node.get("score")),
        probability=read_probability(node.get("probability")),
    )


def write(transcript: Transcript) -> str:
    """Whisper's JSON with the times of words, and the speakers by name; numbers of the decoder are left out."""
    return json_by_segment(
        {"text": "".join(f" {segment.text}" for segment in transcript.segments)},
        (_segment(transcript, index, segment) for index, segment in enumerate(transcript.segments)),
        {"language": transcript.language},
    )


def json_by_segment(before: dict[str, Any], segments: Iterable[dict[str, Any]], after: dict[str, Any]) -> str:
    """A JSON object with a segment to the line between other members."""
    head = [f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in before.items()]
    tail = [f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in after.items()]
    rows = ",\n".join(json.dumps(segment, ensure_ascii=False) for segment in segments)
    return "{" + ",\n".join([*head, f'"segments": [\n{rows}\n]' if rows else '"segments": []', *tail]) + "}\n"


def speaker_members(transcript: Transcript, word: Word, segment: Segment) -> dict[str, str | None]:
    """The member that says a word's speaker: null, if the word has none but its segment has."""
    if word.speaker is not None:
        return {"speaker": shown_name(transcript, word.speaker)}
    return {} if segment.speaker is None else {"speaker": None}


def _segment(transcript: Transcript, index: int, segment: Segment) -> dict[str, Any]:
    members: dict[str, Any] = {"id": index, "start": segment.start, "end": segment.end, "text": f" {segment.text}"}
    if segment.speaker is not None:
        members["speaker"] = shown_name(transcript, segment.speaker)
    words = (_word(word) | speaker_members(transcript, word, segment) for word in segment.words)
    return members | {"words": list(words)}


def _word(word: Word) -> dict[str, Any]:
    known = {} if word.probability is None else {"probability": word.probability}
    return {"word": f" {word.text}", "start": word.start, "end": word.end, "probability": None} | known
