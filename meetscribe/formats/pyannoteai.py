"""pyannoteAI's JSON (a job or its output) and pyannote.audio's, read only: turns, and words if there are any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import (
    ParsedWord,
    assemble,
    read_time,
    segment_from_text,
    segment_from_words,
)
from meetscribe.formats.parts.document import Document
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Turn
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.word_runs import split_into_sentences

_KEYS = {"diarization", "exclusiveDiarization", "wordLevelTranscription", "turnLevelTranscription", "identification"}
_EXCLUSIVE = ("exclusiveDiarization", "exclusive_diarization")


def matches(document: Document) -> bool:
    """Return whether the file is pyannoteAI's JSON, including that of a failed job."""
    return _known_keys(document) is not None or "jobId" in document.member_names()


def read(document: Document) -> Transcript:
    """Read the turns, the exclusive turns, and the words or the text of each turn.

    Names from speaker identification replace the labels everywhere. Raises InputError naming the path of the
    invalid value.
    """
    root = document.root
    output = root["output"] if "output" in document.member_names() else root
    if _known_keys(document) is None:
        raise InputError(f"{document.name}: the job has no output", "Use the JSON of a job that succeeded.")
    names = _names(output.get("identification"))
    turns = _turns(output.get("identification") if output.get("identification").value else output.get("diarization"))
    if output.get("wordLevelTranscription").value:
        segments = list(_of_words(output["wordLevelTranscription"]))
    elif output.get("turnLevelTranscription").value:
        segments = list(_of_turns(output["turnLevelTranscription"]))
    else:
        segments = []
    transcript = assemble([_renamed(segment, names) for segment in segments], turns=turns)
    exclusive = next((node for key in _EXCLUSIVE if (node := output.get(key)).value), Node(None))
    named = (replace(turn, speaker=names.get(turn.speaker, turn.speaker)) for turn in _turns(exclusive))
    return transcript.with_meta(exclusive=tuple(named))


def _known_keys(document: Document) -> set[str] | None:
    """Return the known keys of the output; None if there are none."""
    output = document.json.get("output", document.json) if isinstance(document.json, dict) else None
    found = _KEYS & set(output) if isinstance(output, dict) else set()
    return found or None


def _names(node: Node) -> dict[str | None, str]:
    """Return the identified name of each label."""
    rows = list(node.items()) if node.value else []
    pairs = ((row.get("diarizationSpeaker").optional_text(), _speaker(row)) for row in rows)
    return {label: name for label, name in pairs if label and name}


def _renamed(segment: Segment, names: dict[str | None, str]) -> Segment:
    words = (replace(word, speaker=names.get(word.speaker, word.speaker)) for word in segment.words)
    return Segment(tuple(words))


def _turns(node: Node) -> list[Turn]:
    rows = list(node.items()) if node.value else []
    return [Turn(*_times(row), _speaker(row) or "?") for row in rows]


def _of_words(node: Node) -> Iterator[Segment]:
    """Yield the words as segments of one speaker and one sentence."""
    parsed = [ParsedWord(row["text"].text(), *_times(row), _speaker(row)) for row in node.items()]
    segment = segment_from_words(parsed, 0.0, max((word.end or 0.0 for word in parsed), default=0.0))
    return split_into_sentences(segment.words) if segment else iter(())


def _of_turns(node: Node) -> Iterator[Segment]:
    for row in node.items():
        segment = segment_from_text(row["text"].text(), *_times(row), _speaker(row))
        if segment:
            yield segment


def _times(node: Node) -> tuple[float, float]:
    start, end = read_time(node["start"]) or 0.0, read_time(node["end"]) or 0.0
    return start, max(start, end)


def _speaker(node: Node) -> str | None:
    return one_line(node["speaker"].optional_text() or "") or None
