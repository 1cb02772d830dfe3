"""whisper.cpp's JSON (`--output-json`, `--output-json-full`), read only: segments, and words joined from tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meetscribe.formats.parts.building import (
    ParsedWord,
    assemble,
    read_probability,
    read_time,
    segment_from_text,
    segment_from_words,
)
from meetscribe.formats.parts.document import Document
from meetscribe.text.languages import code_of
from meetscribe.text.whitespace import without_whitespace
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node

_MILLISECOND: Seconds = 0.001
_SPECIAL_TOKEN = re.compile(r"\[_[^\]]*\]|<\|[^|]*\|>")


def matches(document: Document) -> bool:
    """Return whether the file is whisper.cpp's JSON."""
    first = document.first_object("transcription")
    return "transcription" in document.member_names() and (not first or bool({"offsets", "timestamps"} & set(first)))


def read(document: Document) -> Transcript:
    """Read the segments; words have the times of their tokens.

    If tokens are missing or differ from the text, the segment's time is divided among its words. Raises InputError
    naming the path of the invalid value.
    """
    root = document.root
    language = root.get("result", {}).get("language").optional_text() or ""
    return assemble(map(_segment, root["transcription"].items()), code_of(language))


def _segment(node: Node) -> Segment | None:
    start, end = _times(node)
    speaker = _speaker(node.get("speaker").optional_text() or "?")
    text = node["text"].text()
    words = list(_words(node.get("tokens"), speaker)) if node.get("tokens").value else []
    if without_whitespace("".join(word.text for word in words)) == without_whitespace(text):
        return segment_from_words(words, start, end)
    return segment_from_text(text, start, max(start, end), speaker)


def _speaker(number: str) -> str | None:
    """Return the label of a speaker number, None for "?"."""
    return None if number == "?" else f"SPEAKER_{number.zfill(2)}"


def _words(node: Node, speaker: str | None) -> Iterator[ParsedWord]:
    """Yield words joined from tokens: a leading space starts a word; its probability is the minimum of its tokens."""
    pending: ParsedWord | None = None
    for token in node.items():
        text = token["text"].text()
        if _SPECIAL_TOKEN.fullmatch(text):
            continue
        start, end = _times(token)
        probability = read_probability(token.get("p"))
        if pending is None or text.startswith(" "):
            if pending is not None:
                yield pending
            pending = ParsedWord(text, start, end, speaker, probability=probability)
        else:
            lower = min((one for one in (pending.probability, probability) if one is not None), default=None)
            pending = ParsedWord(pending.text + text, pending.start, end, speaker, probability=lower)
    if pending is not None:
        yield pending


def _times(node: Node) -> tuple[Seconds, Seconds]:
    offsets = node["offsets"]
    return read_time(offsets["from"], _MILLISECOND) or 0.0, read_time(offsets["to"], _MILLISECOND) or 0.0
