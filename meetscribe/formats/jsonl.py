"""JSON Lines: an object per segment with its words; each line can be read alone.

Files with an object per word, the reference words of a recording (`X.words.jsonl`), are read too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import (
    assemble,
    read_speaker,
    read_time,
    segment_from_text,
    segment_from_words,
    segments_from_word_list,
    with_single_words_joined,
)
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.meeting import read_date
from meetscribe.formats.parts.whisper_family import read_word
from meetscribe.text.languages import code_of
from meetscribe.transcript import Segment, Transcript, Word
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.json_node import Node

_WORD_DEFAULTS = {field.name: field.default for field in fields(Word) if field.name not in ("text", "start", "end")}


def matches(document: Document) -> bool:
    """Return whether the first line is an object with `start` and `text`, `words` or `word`."""
    row = _parsed(document.text.partition("\n")[0]) if document.head.startswith("{") else None
    return isinstance(row, dict) and "start" in row and bool({"text", "words", "word"} & set(row))


def read(document: Document) -> Transcript:
    """Read a segment per line; raises InputError naming the line and the path of the invalid value.

    Words have the layout of `write`, whisperX or Whisper; the time of a segment without words is divided among the
    words of its text. If the first line holds a single `word`, every line must: a speaker's words form segments that
    end with a sentence or before a pause longer than 0.5 s. So do at least twelve lines that all have one word as
    `text`.
    """
    nodes = list(_nodes(document))
    if nodes and nodes[0].get("word").value is not None:
        return assemble(segments_from_word_list(read_word(node) for node in nodes))
    language = next((code_of(code) for node in nodes if (code := node.get("language").optional_text())), None)
    recording = next((name for node in nodes if (name := node.get("recording").optional_text())), None)
    title = next((text for node in nodes if (text := node.get("title").optional_text())), None)
    date = next((day for node in nodes if (day := read_date(node.get("recorded_at").value))), None)
    segments = with_single_words_joined(map(_segment, nodes))
    return assemble(segments, language, recording=recording).with_meta(title=title, recorded_at=date)


def _nodes(document: Document) -> Iterator[Node]:
    for number, line in enumerate(document.text.split("\n"), start=1):
        if line.strip():
            row = _parsed(line)
            if not isinstance(row, dict):
                raise InputError(f"{document.name}, line {number}: not a JSON object", "Write one segment per line.")
            yield Node(row, f"{document.name}, line {number}")


def _parsed(line: str) -> object:
    try:
        return json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def _segment(node: Node) -> Segment | None:
    start, end = read_time(node["start"]) or 0.0, read_time(node.get("end")) or 0.0
    speaker = read_speaker(node.get("speaker"))
    rows = list(node["words"].items()) if node.get("words").value else []
    if not rows:
        return segment_from_text(node["text"].text(), start, max(start, end), speaker)
    if all(isinstance(row.value, dict) and "word" in row.value for row in rows):
        return segment_from_words([read_word(row, speaker) for row in rows], start, end)
    return Segment(tuple(map(_word, rows)))


def _word(node: Node) -> Word:
    """Return the word of an object in the layout of `write`."""
    known = {key: value.value for key, value in node.entries() if key in _WORD_DEFAULTS and key != "chars"}
    try:
        return Word(node["text"].text(), node["start"].number(), node["end"].number(), **known)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        node.fail(str(error))


def write(transcript: Transcript) -> str:
    """Write a line per segment: recording, language, start, end, speaker name, text and words.

    Members of a word with default values are omitted.
    """
    return "".join(json.dumps(_row(transcript, segment), ensure_ascii=False) + "\n" for segment in transcript.segments)


def _row(transcript: Transcript, segment: Segment) -> dict[str, Any]:
    meta = transcript.meta
    known = {"recording": meta.recording and meta.recording.name, "title": meta.title, "recorded_at": meta.recorded_at}
    members: dict[str, Any] = {key: value for key, value in known.items() if value}
    return members | {
        "language": transcript.language,
        "start": segment.start,
        "end": segment.end,
        "speaker": shown_name(transcript, segment.speaker) or None,
        "text": segment.text,
        "words": [_members(transcript, word) for word in segment.words],
    }


def _members(transcript: Transcript, word: Word) -> dict[str, Any]:
    known = {key: getattr(word, key) for key, default in _WORD_DEFAULTS.items() if getattr(word, key) != default}
    known.pop("chars", None)
    if word.speaker is not None:
        known["speaker"] = shown_name(transcript, word.speaker) or None
    return {"text": word.text, "start": word.start, "end": word.end} | known
