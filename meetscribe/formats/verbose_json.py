"""OpenAI's `verbose_json`, as its service and compatible services return it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from meetscribe.formats.parts.building import ParsedWord, assemble, read_time, segment_from_words
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.formats.parts.whisper_family import dialect, json_by_segment, read_segment, read_word
from meetscribe.text.languages import code_of, name_of
from meetscribe.text.splitting import split_words
from meetscribe.text.whitespace import without_whitespace
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.utterances import utterances


def matches(document: Document) -> bool:
    """Return whether the file is OpenAI's verbose_json."""
    return dialect(document) == "verbose_json"


def read(document: Document) -> Transcript:
    """Read the segments; the times of the words, which lack punctuation, are assigned to the words of the text.

    Raises InputError naming the path of the invalid value.
    """
    root = document.root
    language = code_of(root.get("language").optional_text() or "")
    duration = read_time(root.get("duration"))
    words = [read_word(word) for word in root.get("words", []).items()] if root.get("words").value else []
    segments = [read_segment(node) for node in root.get("segments", []).items()] if root.get("segments").value else []
    if not any(segments):
        segments = [segment_from_words(words, 0.0, max((word.end or 0.0 for word in words), default=0.0))]
    elif words:
        segments = list(_with_times([segment for segment in segments if segment], words))
    return assemble(segments, language, duration)


def _with_times(segments: list[Segment], words: list[ParsedWord]) -> Iterator[Segment | None]:
    """Yield the segments with the times of the words, which are in the order of the text.

    For each segment, at most twice as many words as it has characters are considered (a bound for speed, chosen by
    hand). If none of them belongs to it, it keeps its times.
    """
    position = 0
    for index, segment in enumerate(segments):
        next_start = segments[index + 1].start if index + 1 < len(segments) else float("inf")
        taken = list(_own_words(segment, words[position : position + 2 * len(segment.text)], next_start))
        position += len(taken)
        yield segment_from_words(taken, segment.start, segment.end) or (None if taken else segment)


def _own_words(segment: Segment, words: list[ParsedWord], next_start: Seconds) -> Iterator[ParsedWord]:
    """Yield the words of a segment: those that make up its text, ignoring white space.

    If there are none, as many words as the text has, if they have the same letters; they take the text's spelling.
    Otherwise, the words that start before the next segment.
    """
    count = _count_covering(segment.text, words)
    texts = [word.text for word in words[:count]] if count else split_words(segment.text)
    if [_letters(text) for text in texts] != [_letters(word.text) for word in words[: len(texts)]]:
        texts = [word.text for word in words if (word.start or 0.0) < next_start]
    for text, word in zip(texts, words, strict=False):
        yield replace(word, text=text, speaker=segment.speaker)


def _count_covering(text: str, words: list[ParsedWord]) -> int:
    """Return the number of words that make up the text, ignoring white space; 0 if they differ from it."""
    left = without_whitespace(text)
    for count, word in enumerate(words, start=1):
        text_of_word = without_whitespace(word.text)
        if not left.startswith(text_of_word):
            return 0
        left = left[len(text_of_word) :]
        if not left:
            return count
    return 0


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def write(transcript: Transcript) -> str:
    """Write OpenAI's verbose_json with words, and speakers as additional members.

    Required members that hold values of Whisper's decoder are neutral: no tokens, temperature 0, log probability 0,
    no-speech probability 0.
    """
    spoken = list(utterances(transcript))
    head = {
        "task": "transcribe",
        "language": name_of(transcript.language),
        "duration": transcript.duration,
        "text": " ".join(utterance.text for utterance in spoken),
    }
    words = [_word(transcript, utterance, position) for utterance in spoken for position in range(len(utterance.words))]
    return json_by_segment(head, (_segment(transcript, *pair) for pair in enumerate(spoken)), {"words": words})


def _segment(transcript: Transcript, index: int, utterance: Segment) -> dict[str, Any]:
    raw = utterance.text.encode("utf-8")
    members = {
        "id": index,
        "seek": int(utterance.start * 100),
        "start": utterance.start,
        "end": utterance.end,
        "text": f" {utterance.text}",
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": 0.0,
        "compression_ratio": round(len(raw) / len(zlib.compress(raw)), 4),
        "no_speech_prob": 0.0,
    }
    return members | ({"speaker": speaker_name(transcript, utterance)} if utterance.speaker else {})


def _word(transcript: Transcript, utterance: Segment, position: int) -> dict[str, Any]:
    word = utterance.words[position]
    members: dict[str, Any] = {"word": word.text, "start": word.start, "end": word.end}
    return members | ({"speaker": speaker_name(transcript, utterance)} if utterance.speaker else {})
