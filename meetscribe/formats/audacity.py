"""Audacity's label track: start, end, and a label of name and text, separated by tabs."""

from __future__ import annotations

import re

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import split_name
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.utterances import utterances

_LINE = re.compile(r"(\d+(?:[.,]\d+)?)\t(\d+(?:[.,]\d+)?)\t(.*)")

_LATEST = 1e9  # seconds


def matches(document: Document) -> bool:
    """Return whether the first line is a label with times."""
    return _LINE.match(document.head) is not None


def read(document: Document) -> Transcript:
    """Read each label as a segment; a name before a colon or in brackets is the speaker.

    Other lines, such as those of frequencies, are skipped. Raises InputError for an impossible time.
    """
    segments = []
    for number, line in enumerate(document.text.split("\n"), start=1):
        if label := _LINE.fullmatch(line):
            start, end = (float(time.replace(",", ".")) for time in (label[1], label[2]))
            if max(start, end) > _LATEST:
                raise InputError(f"{document.name}, line {number}: the time is too large", "Write times in seconds.")
            name, text = split_name(label[3].replace("[[", "[").replace("]]", "]: "))
            segments.append(segment_from_text(text, start, max(start, end), None if name == "?" else name))
    return assemble(segments)


def write(transcript: Transcript) -> str:
    """Write a label per utterance in order of time, with the speaker's name before the text."""
    ordered = sorted(utterances(transcript), key=lambda utterance: utterance.start)
    return "".join(
        f"{utterance.start:.3f}\t{utterance.end:.3f}\t{_label(transcript, utterance)}\n" for utterance in ordered
    )


def _label(transcript: Transcript, utterance: Segment) -> str:
    name = speaker_name(transcript, utterance)
    return f"{name}: {one_line(utterance.text)}" if name else one_line(utterance.text)
