"""AssemblyAI's JSON (`/v2/transcript`), read: its utterances, else its words; times there are milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meetscribe.formats.parts.building import (
    Heard,
    assemble,
    cut_at_sentences,
    segment_of_text,
    segment_of_words,
    share_of,
    speaker_of,
    time_of,
)
from meetscribe.formats.parts.document import Document
from meetscribe.text.languages import code_of
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.reading import Node


def claims(document: Document) -> bool:
    """Whether the file is AssemblyAI's JSON."""
    said = [*document.first("utterances"), *document.first("words")]
    job = {"audio_duration", "language_code"} & document.members() and {"utterances", "words"} & document.members()
    bare = {"text", "start", "confidence"} <= set(said) or {"speaker", "text", "start"} <= set(said)
    return bool(job) or (bare and not {"segments", "duration", "start"} & document.members())


def read(document: Document) -> Transcript:
    """The transcript; speakers are as AssemblyAI calls them, else channels, CHANNEL_n.

    Raises InputError naming the place that is wrong, or why the job failed.
    """
    root = document.root
    if root.get("status").value == "error":
        root["status"].fail(f"the job failed: {one_line(str(root.get('error').value))}")
    language = code_of(root.get("language_code").optional_text() or "")
    duration = time_of(root.get("audio_duration"))
    key = "utterances" if root.get("utterances").value else "words"
    nodes = list(root[key].items()) if root.get(key).value else []
    segments = [one for node in nodes for one in _utterance(node)] if key == "utterances" else _of_words(nodes)
    return assemble(segments, language, duration)


def _utterance(node: Node) -> Iterable[Segment]:
    """The words of an utterance; its text, if it has none."""
    if node.get("words").value:
        return _of_words(node["words"].items())
    start, end = time_of(node["start"], 0.001), time_of(node["end"], 0.001)
    segment = segment_of_text(node["text"].text(), start or 0.0, end or 0.0, speaker_of(node.get("speaker")))
    return [segment] if segment else []


def _of_words(nodes: Iterable[Node]) -> Iterator[Segment]:
    """The words as segments, cut where the speaker changes and where a sentence ends."""
    words = [_word(node) for node in nodes]
    segment = segment_of_words(words, 0.0, max((word.end or 0.0 for word in words), default=0.0))
    return cut_at_sentences(segment.words) if segment else iter(())


def _channel(node: Node) -> str | None:
    return None if node.value is None else f"CHANNEL_{one_line(str(node.value))}"


def _word(node: Node) -> Heard:
    return Heard(
        text=node["text"].text(),
        start=time_of(node["start"], 0.001),
        end=time_of(node["end"], 0.001),
        speaker=speaker_of(node.get("speaker")) or _channel(node.get("channel")),
        probability=share_of(node.get("confidence")),
    )
