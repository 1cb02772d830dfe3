"""Paragraphs of one speaker, and the names of speakers and recordings as formats need them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePath

from meetscribe.text.sentences import ends_sentence
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.utterances import utterances

UNKNOWN_FIELD = "unknown"
"""The name of an unknown speaker in formats that require one."""

PARAGRAPH_PAUSE: Seconds = 3.0
PARAGRAPH_WORDS = 150


def paragraphs(transcript: Transcript) -> Iterator[Segment]:
    """Yield runs of one speaker, divided at pauses over 3 s, and after a sentence once a paragraph has 150 words."""
    for _, run in groupby(utterances(transcript), key=lambda utterance: utterance.speaker):
        first, *rest = run
        words = list(first.words)
        for utterance in rest:
            full = len(words) >= PARAGRAPH_WORDS and ends_sentence(words[-1].text)
            if full or utterance.start - words[-1].end > PARAGRAPH_PAUSE:
                yield Segment(tuple(words))
                words = []
            words.extend(utterance.words)
        yield Segment(tuple(words))


def speaker_name(transcript: Transcript, utterance: Segment) -> str:
    """Return the name of the utterance's speaker, empty if unknown."""
    return shown_name(transcript, utterance.speaker)


def field_names(transcript: Transcript) -> dict[str | None, str]:
    """Map each speaker label to its name without white space; None maps to "unknown".

    White space becomes an underscore; a number distinguishes different names that become equal. Labels with the same
    name share it.
    """
    fields: dict[str | None, str] = {None: UNKNOWN_FIELD}
    taken = {UNKNOWN_FIELD}
    labels = [*transcript.speakers, *(turn.speaker for turn in transcript.turns)]
    by_name: dict[str, str] = {}
    for label in dict.fromkeys(labels):
        name = shown_name(transcript, label)
        if name not in by_name:
            by_name[name] = _unique(to_field(name, "speaker"), taken)
            taken.add(by_name[name])
        fields[label] = by_name[name]
    return fields


def recording_field(transcript: Transcript) -> str:
    """Return the recording's name without suffix as one field that does not start a comment; "recording" if unknown."""
    name = PurePath(transcript.recording.name).stem if transcript.recording else ""
    return to_field(name, "recording").lstrip(";") or "recording"


def to_field(text: str, otherwise: str) -> str:
    """Return the text with underscores for white space, or `otherwise` if it is empty."""
    return "_".join(one_line(text).split()) or otherwise


def _unique(field: str, taken: set[str]) -> str:
    """Return the field, numbered if it is taken."""
    if field not in taken:
        return field
    number = 2
    while f"{field}_{number}" in taken:
        number += 1
    return f"{field}_{number}"
