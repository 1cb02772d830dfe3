"""Rev AI's JSON: monologues of elements with times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from meetscribe.formats.parts.building import (
    ParsedWord,
    assemble,
    read_probability,
    read_speaker,
    read_time,
    segment_from_words,
)
from meetscribe.formats.parts.document import Document
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.word_runs import split_into_sentences


def matches(document: Document) -> bool:
    """Return whether the file has monologues of elements."""
    return "elements" in document.first_object("monologues")


def read(document: Document) -> Transcript:
    """Read the monologues as segments of one sentence; raises InputError naming the path of the invalid value.

    Punctuation is joined with the word before it, unless white space separates them.
    """
    root = document.root
    speakers = root.get("speakers")
    names = {
        node.get("id").value: one_line(name)
        for node in (speakers.items() if speakers.value else ())
        if (name := node.get("name").optional_text()) and isinstance(node.get("id").value, int)
    }
    return assemble(segment for node in root["monologues"].items() for segment in _sentences(node, names))


def _sentences(node: Node, names: dict[object, str]) -> Iterator[Segment]:
    given = node.get("speaker")
    speaker = (names.get(given.value) if isinstance(given.value, int) else None) or read_speaker(given)
    words = list(_words(node["elements"], speaker))
    starts = [word.start for word in words if word.start is not None]
    segment = segment_from_words(words, min(starts, default=0.0), max((word.end or 0.0 for word in words), default=0.0))
    return split_into_sentences(segment.words) if segment else iter(())


def _words(elements: Node, speaker: str | None) -> Iterator[ParsedWord]:
    """Yield the words, each with the punctuation joined to it, and sounds such as `<laugh>` as words without times."""
    word: ParsedWord | None = None
    spaced = True  # whether white space separates the next punctuation from the word
    for node in elements.items():
        value = node["value"].text()
        if node.get("type").value == "punct" and (word is not None or not value.strip()):
            if word is not None and value.strip() and not spaced:
                word = replace(word, text=word.text + value.strip())
            elif word is not None and value.strip():
                yield word
                word = ParsedWord(value, speaker=speaker)
            spaced = value != value.rstrip()
            continue
        if word is not None:
            yield word
        spaced = False
        word = ParsedWord(
            value,
            read_time(node.get("ts")),
            read_time(node.get("end_ts")),
            speaker,
            probability=read_probability(node.get("confidence")),
        )
    if word is not None:
        yield word
