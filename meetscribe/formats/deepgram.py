"""Deepgram's JSON (`/v1/listen`), read only: its utterances, or else the words of its channels."""

from __future__ import annotations

from collections.abc import Iterator

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
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.word_runs import split_into_sentences


def matches(document: Document) -> bool:
    """Return whether the file is Deepgram's JSON."""
    results = document.json.get("results") if isinstance(document.json, dict) else None
    return isinstance(results, dict) and "channels" in results


def read(document: Document) -> Transcript:
    """Read the utterances, or else the best alternative of each channel.

    Speaker 3 is SPEAKER_03. With several channels, each is a speaker, such as CHANNEL_1, or has its own speakers, such
    as CHANNEL_1_SPEAKER_03. The time of text without a list of words is divided among its words. Raises InputError
    naming the path of the invalid value.
    """
    root = document.root
    results = root["results"]
    channels = list(results["channels"].items())
    language = next(
        (code_of(code) for node in channels if (code := node.get("detected_language").optional_text())), None
    )
    duration = read_time(root.get("metadata", {}).get("duration"))
    segments: list[Segment]
    if results.get("utterances").value:
        nodes = list(results["utterances"].items())
        segments = [one for node in nodes for one in _spoken(node, _channel(node.get("channel"), len(channels)))]
    else:
        segments = []
        for index, node in enumerate(channels):
            alternatives = list(node["alternatives"].items())
            channel = f"CHANNEL_{index}" if len(channels) > 1 else None
            segments += [one for best in alternatives[:1] for one in _spoken(best, channel, duration or 0.0)]
    ordered: list[Segment] = sorted(segments, key=lambda segment: segment.start)
    return assemble(ordered, language, duration)


def _channel(node: Node, count: int) -> str | None:
    """Return the name of an utterance's channel if there are several."""
    if isinstance(node.value, list):  # its number, then the number of channels
        node = next(iter(node.items()), Node(None))
    return read_channel(node) if count > 1 else None


def _spoken(node: Node, channel: str | None, duration: Seconds = 0.0) -> Iterator[Segment]:
    """Yield the words of a node as segments of one speaker and one sentence, or its text if it has no words.

    Text without an end in the file ends at `duration`, that of the recording.
    """
    words = [_word(word, channel) for word in node.get("words", []).items()] if node.get("words").value else []
    segment = segment_from_words(words, 0.0, max((word.end or 0.0 for word in words), default=0.0))
    if segment is None:
        start, end = read_time(node.get("start")) or 0.0, read_time(node.get("end"))
        text = node.get("transcript").optional_text() or ""
        segment = segment_from_text(text, start, duration if end is None else end, _speaker(node, channel))
    return split_into_sentences(segment.words) if segment else iter(())


def _speaker(node: Node, channel: str | None) -> str | None:
    """Return the speaker's label, with the channel's name before it if there are several channels."""
    return "_".join(filter(None, (channel, read_speaker(node.get("speaker"))))) or None


def _word(node: Node, channel: str | None) -> ParsedWord:
    text = node.get("punctuated_word").optional_text() or node["word"].text()
    return ParsedWord(
        text=text,
        start=read_time(node["start"]),
        end=read_time(node["end"]),
        speaker=_speaker(node, channel),
        probability=read_probability(node.get("confidence")),
    )
