"""Audacity's label track: start, end, and a label of name and text, separated by tabs."""

from __future__ import annotations

import re

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import UNKNOWN, colon_label, split_name
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.utterances import utterances

_LINE = re.compile(r"(\d+(?:[.,]\d+)?)\t(\d+(?:[.,]\d+)?)\t(.*)")

_DOUBLE = re.compile(r"\[\[([^\[\]]*)\]\]")
"""A name as whisperX writes it."""

_LATEST = 1e9  # seconds


def matches(document: Document) -> bool:
    """Return whether the first line is a label with times."""
    return _LINE.match(document.head) is not None


def read(document: Document) -> Transcript:
    """Read each label as a segment; a name before a colon or in brackets is the speaker.

    Other lines, such as those of frequencies, are skipped. Raises InputError for a time above 1e9 s.
    """
    segments = []
    for number, line in enumerate(document.text.split("\n"), start=1):
        if label := _LINE.fullmatch(line):
            start, end = (float(time.replace(",", ".")) for time in (label[1], label[2]))
            if max(start, end) > _LATEST:
                raise InputError(f"{document.name}, line {number}: the time is too large", "Write times in seconds.")
            name, text = split_name(_DOUBLE.sub(r"[\1]: ", label[3]))
            segments.append(segment_from_text(text, start, max(start, end), None if name == UNKNOWN else name))
    return assemble(segments)


def write(transcript: Transcript) -> str:
    """Write a label per utterance in order of time, with the speaker's name before the text."""
    ordered = sorted(utterances(transcript), key=lambda utterance: utterance.start)
    return "".join(
        f"{utterance.start:.3f}\t{utterance.end:.3f}\t{_label(transcript, utterance)}\n" for utterance in ordered
    )


def _label(transcript: Transcript, utterance: Segment) -> str:
    return colon_label(speaker_name(transcript, utterance), one_line(utterance.text))
