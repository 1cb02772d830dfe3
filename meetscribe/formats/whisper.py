"""Whisper's JSON (openai-whisper, the command lines of faster-whisper), with speakers as additional members."""

from __future__ import annotations

from typing import Any

from meetscribe.formats.parts.building import assemble, with_single_words_joined
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.whisper_family import dialect, json_by_segment, read_segment, speaker_members
from meetscribe.text.languages import code_of
from meetscribe.transcript import Segment, Transcript, Word
from meetscribe.transcript.display import shown_name


def matches(document: Document) -> bool:
    """Return whether the file is Whisper's JSON, or a bare list of segments, as saved from faster-whisper."""
    first = document.json[0] if isinstance(document.json, list) and document.json else None
    bare = isinstance(first, dict) and {"start", "end", "text"} <= set(first)
    return bare or dialect(document) == "whisper"


def read(document: Document) -> Transcript:
    """Read Whisper's JSON; raises InputError naming the path of the invalid value.

    A word without times is placed between its neighbours. A word without the member `speaker` has the speaker of its
    segment; null is no speaker. The time of a segment without words is divided among the words of its text.
    """
    root = document.root
    if isinstance(root.value, list):
        return assemble(with_single_words_joined(map(read_segment, root.items())))
    language = code_of(root.get("language").optional_text() or "")
    return assemble(map(read_segment, root["segments"].items()), language)


def write(transcript: Transcript) -> str:
    """Write Whisper's JSON with word times and speaker names, without the decoder's statistics."""
    return json_by_segment(
        {"text": "".join(f" {segment.text}" for segment in transcript.segments)},
        (_segment(transcript, index, segment) for index, segment in enumerate(transcript.segments)),
        {"language": transcript.language},
    )


def _segment(transcript: Transcript, index: int, segment: Segment) -> dict[str, Any]:
    members: dict[str, Any] = {"id": index, "start": segment.start, "end": segment.end, "text": f" {segment.text}"}
    if segment.speaker is not None:
        members["speaker"] = shown_name(transcript, segment.speaker)
    words = (_word(word) | speaker_members(transcript, word, segment) for word in segment.words)
    return members | {"words": list(words)}


def _word(word: Word) -> dict[str, Any]:
    """Return a word; a null probability distinguishes the file from whisperX's (`dialect`)."""
    known = {} if word.probability is None else {"probability": word.probability}
    return {"word": f" {word.text}", "start": word.start, "end": word.end, "probability": None} | known
