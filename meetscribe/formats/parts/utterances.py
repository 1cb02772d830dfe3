"""What is said, cut and named as formats need it: by utterance, by paragraph, with names of one field."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import PurePath

from meetscribe.formats.parts.building import split_by_speaker
from meetscribe.text.sentences import ends_sentence
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name

UNKNOWN_FIELD = "unknown"
"""The speaker of what nobody is known to say, in formats that must name one."""

PARAGRAPH_PAUSE: Seconds = 3.0
PARAGRAPH_WORDS = 150


def utterances(transcript: Transcript) -> Iterator[Segment]:
    """The segments, cut where the speaker changes: each is of one speaker, or of nobody known."""
    return chain.from_iterable(split_by_speaker(segment.words) for segment in transcript.segments)


def paragraphs(transcript: Transcript) -> Iterator[Segment]:
    """What a speaker says until another speaks, or pauses for 3 s, or after a sentence has said 150 words."""
    for _, run in groupby(utterances(transcript), key=lambda one: one.speaker):
        first, *rest = run
        words = list(first.words)
        for one in rest:
            full = len(words) >= PARAGRAPH_WORDS and ends_sentence(words[-1].text)
            if full or one.start - words[-1].end > PARAGRAPH_PAUSE:
                yield Segment(tuple(words))
                words = []
            words.extend(one.words)
        yield Segment(tuple(words))


def speaker_name(transcript: Transcript, utterance: Segment) -> str:
    """The name of who says it, empty if that is not known."""
    return shown_name(transcript, utterance.speaker)


def field_names(transcript: Transcript) -> dict[str | None, str]:
    """For each speaker's label the name as one field without white space, no two alike; None is "unknown".

    White space becomes an underscore; a number tells apart what that makes alike.
    """
    fields: dict[str | None, str] = {None: UNKNOWN_FIELD}
    taken = {UNKNOWN_FIELD}
    labels = [*transcript.speakers, *(turn.speaker for turn in transcript.turns)]
    by_name: dict[str, str] = {}
    for label in dict.fromkeys(labels):
        name = shown_name(transcript, label)
        if name not in by_name:
            by_name[name] = _free(to_field(name, "speaker"), taken)
            taken.add(by_name[name])
        fields[label] = by_name[name]
    return fields


def recording_field(transcript: Transcript) -> str:
    """The recording's name without its suffix, as one field that starts no comment; "recording" if unknown."""
    name = PurePath(transcript.source.name).stem if transcript.source else ""
    return to_field(name, "recording").lstrip(";") or "recording"


def to_field(text: str, otherwise: str) -> str:
    """The text as one field: no white space in it, and something in any case."""
    return "_".join(one_line(text).split()) or otherwise


def _free(field: str, taken: set[str]) -> str:
    """The field, with the first number behind it that makes it another than those taken."""
    if field not in taken:
        return field
    number = 2
    while f"{field}_{number}" in taken:
        number += 1
    return f"{field}_{number}"
