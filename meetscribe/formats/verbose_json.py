"""OpenAI's `verbose_json`, as its service and its imitators answer; dialects are told in whisper."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from meetscribe.formats.building import Heard, assemble, segment_of_words
from meetscribe.formats.document import Document
from meetscribe.formats.languages import code_of, name_of
from meetscribe.formats.speech import named, utterances
from meetscribe.formats.whisper import dialect, lines_of, read_segment, read_word
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.splitting import split_words


def claims(document: Document) -> bool:
    """Whether the file is OpenAI's verbose_json."""
    return dialect(document) == "verbose_json"


def read(document: Document) -> Transcript:
    """The transcript; the words' times are put to the words of the segments' text, which has punctuation.

    Raises InputError naming the place that is wrong.
    """
    root = document.root
    language = code_of(root.get("language").optional_text() or "")
    duration = root.get("duration").optional_number()
    words = [read_word(word) for word in root.get("words", []).items()] if root.get("words").value else []
    segments = [read_segment(node) for node in root.get("segments", []).items()] if root.get("segments").value else []
    if not segments:
        segments = [segment_of_words(words, 0.0, max((word.end or 0.0 for word in words), default=0.0))]
    elif words:
        segments = list(_with_times([segment for segment in segments if segment], words))
    return assemble(segments, language, duration)


def _with_times(segments: list[Segment], words: list[Heard]) -> Iterator[Segment | None]:
    """The segments with the times of the words, which follow each other as those of the text do.

    Where the letters differ, the words of the list that start in the segment are taken as they are.
    """
    place = 0
    for index, segment in enumerate(segments):
        texts = split_words(segment.text)
        own = words[place : place + len(texts)]
        if [_letters(text) for text in texts] != [_letters(word.text) for word in own]:
            until = segments[index + 1].start if index + 1 < len(segments) else float("inf")
            own = [word for word in words[place:] if (word.start or 0.0) < until]
            texts = [word.text for word in own]
        place += len(own)
        heard = [
            Heard(text, word.start, word.end, segment.speaker, word.score, word.probability)
            for text, word in zip(texts, own, strict=True)
        ]
        yield segment_of_words(heard, segment.start, segment.end) or (None if own else segment)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def write(transcript: Transcript) -> str:
    """OpenAI's verbose_json with words, and the speakers as further members.

    What only Whisper's decoder knows, and the format asks for, is neutral: no tokens, temperature 0, log
    probability 0, and no doubt that it is speech.
    """
    spoken = list(utterances(transcript))
    head = {
        "task": "transcribe",
        "language": name_of(transcript.language),
        "duration": transcript.duration,
        "text": " ".join(one.text for one in spoken),
    }
    words = [_word(transcript, one, place) for one in spoken for place in range(len(one.words))]
    return lines_of(head, (_segment(transcript, *pair) for pair in enumerate(spoken)), {"words": words})


def _segment(transcript: Transcript, index: int, one: Segment) -> dict[str, Any]:
    raw = one.text.encode("utf-8")
    members = {
        "id": index,
        "seek": int(one.start * 100),
        "start": one.start,
        "end": one.end,
        "text": f" {one.text}",
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": 0.0,
        "compression_ratio": round(len(raw) / len(zlib.compress(raw)), 4),
        "no_speech_prob": 0.0,
    }
    return members | ({"speaker": named(transcript, one)} if one.speaker else {})


def _word(transcript: Transcript, one: Segment, place: int) -> dict[str, Any]:
    word = one.words[place]
    members: dict[str, Any] = {"word": word.text, "start": word.start, "end": word.end}
    return members | ({"speaker": named(transcript, one)} if one.speaker else {})
