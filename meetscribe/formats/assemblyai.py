"""AssemblyAI's JSON (`/v2/transcript`), read only: utterances or words, with times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meetscribe.formats.parts.building import (
    ParsedWord,
    assemble,
    read_channel,
    read_probability,
    read_speaker,
    read_time,
    segment_from_text,
    segment_from_words,
)
from meetscribe.formats.parts.document import Document
from meetscribe.text.languages import code_of
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.word_runs import split_into_sentences


def matches(document: Document) -> bool:
    """Return whether the file is AssemblyAI's JSON; words in seconds, and ElevenLabs' JSON, are not."""
    utterance, word = document.first_object("utterances"), document.first_object("words")
    names = document.member_names()
    in_seconds = any(isinstance(word.get(key), float) for key in ("start", "end"))
    job = {"audio_duration", "language_code"} & names and {"utterances", "words"} & names and not in_seconds
    of_words = {"text", "confidence"} <= set(word) and all(isinstance(word.get(key), int) for key in ("start", "end"))
    bare = of_words or {"speaker", "text", "start"} <= set(utterance)
    return "language_probability" not in names and bool(job or (bare and not {"segments", "duration", "start"} & names))


def read(document: Document) -> Transcript:
    """Read AssemblyAI's JSON; speakers keep their names, channels become CHANNEL_n.

    Raises InputError naming the path of the invalid value, or the error of a failed job.
    """
    root = document.root
    if root.get("status").value == "error":
        root["status"].fail(f"the job failed: {one_line(str(root.get('error').value))}")
    language = code_of(root.get("language_code").optional_text() or "")
    duration = read_time(root.get("audio_duration"))  # in seconds, unlike the times of words
    key = "utterances" if root.get("utterances").value else "words"
    nodes = list(root[key].items()) if root.get(key).value else []
    segments = [one for node in nodes for one in _utterance(node)] if key == "utterances" else _of_words(nodes)
    return assemble(segments, language, duration)


def _utterance(node: Node) -> Iterable[Segment]:
    """Return the words of an utterance as sentences, or its text as one segment if it has no words."""
    if node.get("words").value:
        return _of_words(node["words"].items())
    start, end = read_time(node["start"], 0.001), read_time(node["end"], 0.001)
    segment = segment_from_text(node["text"].text(), start or 0.0, end or 0.0, read_speaker(node.get("speaker")))
    return [segment] if segment else []


def _of_words(nodes: Iterable[Node]) -> Iterator[Segment]:
    """Yield the words as segments of one speaker and one sentence."""
    words = [_word(node) for node in nodes]
    segment = segment_from_words(words, 0.0, max((word.end or 0.0 for word in words), default=0.0))
    return split_into_sentences(segment.words) if segment else iter(())


def _word(node: Node) -> ParsedWord:
    return ParsedWord(
        text=node["text"].text(),
        start=read_time(node["start"], 0.001),
        end=read_time(node["end"], 0.001),
        speaker=read_speaker(node.get("speaker")) or read_channel(node.get("channel")),
        probability=read_probability(node.get("confidence")),
    )
