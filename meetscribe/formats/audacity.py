"""Audacity's label track: start, end and a label of name and text, between tabs."""

from __future__ import annotations

import re

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.parsed_cues import split_name
from meetscribe.formats.parts.utterances import speaker_name, utterances
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript

_LINE = re.compile(r"(\d+(?:[.,]\d+)?)\t(\d+(?:[.,]\d+)?)\t(.*)")

_LATEST = 1e9  # seconds


def matches(document: Document) -> bool:
    """Whether the file's first line is a label with times."""
    return _LINE.match(document.head) is not None


def read(document: Document) -> Transcript:
    """The transcript, a segment for each label; a name before a colon or in brackets is the speaker.

    Lines that are no labels, such as those of frequencies, are passed over. Raises InputError for an impossible time.
    """
    segments = []
    for number, line in enumerate(document.text.split("\n"), start=1):
        if label := _LINE.fullmatch(line):
            start, end = (float(time.replace(",", ".")) for time in (label[1], label[2]))
            if max(start, end) > _LATEST:
                raise InputError(f"{document.name}, line {number}: a time beyond all recordings", "Correct it.")
            name, said = split_name(label[3].replace("[[", "[").replace("]]", "]: "))
            segments.append(segment_from_text(said, start, max(start, end), None if name == "?" else name))
    return assemble(segments)


def write(transcript: Transcript) -> str:
    """A label per utterance, in order of time, with the name before the text."""
    spoken = sorted(utterances(transcript), key=lambda one: one.start)
    return "".join(f"{one.start:.3f}\t{one.end:.3f}\t{_label(transcript, one)}\n" for one in spoken)


def _label(transcript: Transcript, one: Segment) -> str:
    name = speaker_name(transcript, one)
    return f"{name}: {one_line(one.text)}" if name else one_line(one.text)
