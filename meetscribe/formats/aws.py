"""AWS Transcribe's JSON: items with times, and speakers or channels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import (
    ParsedWord,
    assemble,
    read_time,
    segment_from_words,
)
from meetscribe.formats.parts.document import Document
from meetscribe.text.languages import code_of
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.word_runs import split_into_sentences


def matches(document: Document) -> bool:
    """Return whether the file is the output of AWS Transcribe."""
    results = document.json.get("results") if isinstance(document.json, dict) else None
    return isinstance(results, dict) and {"transcripts", "items"} <= set(results)


def read(document: Document) -> Transcript:
    """Read the words as segments of one speaker and one sentence.

    Punctuation is joined with the word before it. If channels are identified, each is a speaker. Raises InputError
    naming the path of the invalid value.
    """
    root = document.root
    if root.get("status").value == "FAILED":
        raise InputError(f"{document.name}: the job failed", "Transcribe the recording again.")
    results = root["results"]
    language = code_of(results.get("language_code").optional_text() or "")
    streams = list(_channels(results)) or [list(_words(results["items"], _labels(results)))]
    segments = sorted((segment for words in streams for segment in _sentences(words)), key=lambda one: one.start)
    return assemble(segments, language)


def _channels(results: Node) -> Iterator[list[ParsedWord]]:
    """Yield the words of each channel."""
    channels = results.get("channel_labels", {}).get("channels")
    for node in channels.items() if channels.value else ():
        name = one_line(node["channel_label"].text())
        yield [replace(word, speaker=f"CHANNEL_{name.removeprefix('ch_')}") for word in _words(node["items"], {})]


def _labels(results: Node) -> dict[Seconds | None, str]:
    """Map the start time of each item to its speaker; older output lists the speakers separately."""
    segments = results.get("speaker_labels", {}).get("segments")
    return {
        read_time(item.get("start_time")): label
        for segment in (segments.items() if segments.value else ())
        for item in (segment["items"].items() if segment.get("items").value else ())
        if (label := item.get("speaker_label").optional_text())
    }


def _words(items: Node, labels: dict[Seconds | None, str]) -> Iterator[ParsedWord]:
    """Yield the words, each with the following punctuation."""
    word: ParsedWord | None = None
    for node in items.items():
        best = next(node["alternatives"].items(), None)
        text = best["content"].text() if best else ""
        if node.get("type").value == "punctuation" and word is not None:
            word = replace(word, text=word.text + text)
            continue
        if word is not None:
            yield word
        confidence = read_time(best.get("confidence")) if best else None  # a number in a string, like a time
        start = read_time(node.get("start_time"))
        label = node.get("speaker_label").optional_text() or labels.get(start)
        word = ParsedWord(
            text,
            start,
            read_time(node.get("end_time")),
            one_line(label or "") or None,
            probability=None if confidence is None else min(1.0, confidence),
        )
    if word is not None:
        yield word


def _sentences(words: list[ParsedWord]) -> Iterator[Segment]:
    segment = segment_from_words(words, 0.0, max((word.end or 0.0 for word in words), default=0.0))
    return split_into_sentences(segment.words) if segment else iter(())
