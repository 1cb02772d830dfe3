"""Plain lists of words in JSON, read only, as in reference files of corpora: an object per word, in seconds."""

from __future__ import annotations

from meetscribe.formats import assemblyai
from meetscribe.formats.parts.building import (
    ParsedWord,
    assemble,
    read_probability,
    read_speaker,
    read_time,
    segments_from_word_list,
)
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.foreign_json import service_of
from meetscribe.formats.parts.whisper_family import dialect
from meetscribe.text.languages import code_of
from meetscribe.timeline import Turn
from meetscribe.transcript import Transcript
from meetscribe.transcript.json_node import Node

_TEXTS, _TURNS = ("word", "text"), ("turns", "segments")


def matches(document: Document) -> bool:
    """Return whether the file is a list of words, or an object with one; a list of objects with `text` is Whisper's."""
    if isinstance(document.json, list):
        first = document.json[0] if document.json else None
        return isinstance(first, dict) and {"start", "word"} <= set(first)
    first = document.first_object("words")
    # An object with a start is a line of JSON Lines.
    others = {"schema", "version", "start"} & document.member_names() or dialect(document) or service_of(document)
    return not others and "start" in first and bool(set(_TEXTS) & set(first)) and not assemblyai.matches(document)


def read(document: Document) -> Transcript:
    """Read the words, joined into sentences of each speaker, and `turns` or `segments` without text as turns.

    Raises InputError naming the path of the invalid value.
    """
    root = document.root
    if isinstance(root.value, list):
        return assemble(segments_from_word_list(map(_word, root.items())))
    language = code_of(root.get("language").optional_text() or "")
    words = segments_from_word_list(map(_word, root["words"].items()))
    rows = next((node for key in _TURNS if (node := root.get(key)).value), None)
    turns = [turn for row in rows.items() if (turn := _turn(row))] if rows else []
    return assemble(words, language, read_time(root.get("duration")), turns=turns)


def _word(node: Node) -> ParsedWord:
    text = node.get("word") if node.get("word").value is not None else node["text"]
    return ParsedWord(
        text=text.text(),
        start=read_time(node["start"]),
        end=read_time(node.get("end")),
        speaker=read_speaker(node.get("speaker")),
        probability=read_probability(node.get("confidence", node.get("probability").value)),
    )


def _turn(node: Node) -> Turn | None:
    """Return the turn of an object; None if its speaker is unknown."""
    speaker = read_speaker(node.get("speaker"))
    start, end = read_time(node["start"]) or 0.0, read_time(node["end"]) or 0.0
    return Turn(start, max(start, end), speaker) if speaker else None
