"""whisperX's JSON, in the layout that its subtitle writers, its `assign_word_speakers` and DOTE accept."""

from __future__ import annotations

from typing import Any

from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.whisper_family import dialect, json_by_segment, speaker_members
from meetscribe.formats.whisper import read as read
from meetscribe.transcript import Char, Segment, Transcript, Word
from meetscribe.transcript.display import shown_name


def matches(document: Document) -> bool:
    """Return whether the file is whisperX's JSON."""
    return dialect(document) == "whisperx"


def write(transcript: Transcript) -> str:
    """Write whisperX's JSON; every word has times, and a score if it was aligned.

    Words and segments of unknown speakers have no member `speaker`, as whisperX's writers require; in a segment with a
    speaker, such a word has null. A segment with character times has `chars`, as with `return_char_alignments`.
    """
    segments = [_segment(transcript, segment) for segment in transcript.segments]
    words = [word for segment in segments for word in segment["words"]]
    return json_by_segment({}, segments, {"word_segments": words, "language": transcript.language})


def _segment(transcript: Transcript, segment: Segment) -> dict[str, Any]:
    members: dict[str, Any] = {"start": segment.start, "end": segment.end, "text": segment.text}
    if chars := _chars(segment):
        members["chars"] = chars
    members["words"] = [_word(word) | speaker_members(transcript, word, segment) for word in segment.words]
    return members if segment.speaker is None else members | {"speaker": shown_name(transcript, segment.speaker)}


def _chars(segment: Segment) -> list[dict[str, Any]]:
    """Return the characters of a segment, with times where they are known; empty without character times."""
    if not any(word.chars for word in segment.words):
        return []
    found: list[dict[str, Any]] = []
    for word in segment.words:
        if found and not segment.text[len(found) :].startswith(word.text):  # words of some languages have no spaces
            found.append({"char": " "})
        is_timed = "".join(char.text for char in word.chars) == word.text
        found += map(_char, word.chars) if is_timed else ({"char": text} for text in word.text)
    return found


def _char(char: Char) -> dict[str, Any]:
    members: dict[str, Any] = {"char": char.text, "start": char.start, "end": char.end}
    return members if char.score is None else members | {"score": char.score}


def _word(word: Word) -> dict[str, Any]:
    members: dict[str, Any] = {"word": word.text, "start": word.start, "end": word.end}
    return members if word.score is None else members | {"score": word.score}
