"""whisperX's JSON, in the layout that its subtitle writers, its `assign_word_speakers` and DOTE accept."""

from __future__ import annotations

from typing import Any

from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.whisper_family import dialect, json_by_segment, speaker_members
from meetscribe.formats.whisper import read as read
from meetscribe.transcript import Segment, Transcript, Word
from meetscribe.transcript.display import shown_name


def matches(document: Document) -> bool:
    """Return whether the file is whisperX's JSON."""
    return dialect(document) == "whisperx"


def write(transcript: Transcript) -> str:
    """Write whisperX's JSON; every word has times, and a score if it was aligned.

    Words and segments of unknown speakers have no member `speaker`, as whisperX's writers require; in a segment with a
    speaker, such a word has null.
    """
    segments = [_segment(transcript, segment) for segment in transcript.segments]
    words = [word for segment in segments for word in segment["words"]]
    return json_by_segment({}, segments, {"word_segments": words, "language": transcript.language})


def _segment(transcript: Transcript, segment: Segment) -> dict[str, Any]:
    members: dict[str, Any] = {"start": segment.start, "end": segment.end, "text": segment.text}
    members["words"] = [_word(word) | speaker_members(transcript, word, segment) for word in segment.words]
    return members if segment.speaker is None else members | {"speaker": shown_name(transcript, segment.speaker)}


def _word(word: Word) -> dict[str, Any]:
    members: dict[str, Any] = {"word": word.text, "start": word.start, "end": word.end}
    return members if word.score is None else members | {"score": word.score}
