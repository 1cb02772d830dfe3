"""STM, what each speaker says from when to when (NIST sclite, meeteval): a line per utterance."""

from __future__ import annotations

import re

from meetscribe.formats.parts.building import assemble, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.fields import field_rows, is_number, number_of
from meetscribe.formats.parts.utterances import UNKNOWN_FIELD, field_names, recording_field, utterances
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name

_NAME = re.compile(r";; speaker (\S+): (.+)")
_IGNORED = "IGNORE_TIME_SEGMENT_IN_SCORING"
_LABEL = re.compile(r"<[^<>\s]*>")
_LINE = "a line is: file channel speaker start end [<label>] words"


def matches(document: Document) -> bool:
    """Whether the file's first lines are utterances with speakers, who are not called by a time."""
    rows = [row for _, row in field_rows(document.head, 6)][:20]
    return bool(rows) and all(_is_utterance(row) for row in rows)


def _is_utterance(row: list[str]) -> bool:
    timed = len(row) >= 5 and is_number(row[3]) and is_number(row[4])
    return timed and not row[-1].startswith("<NA>") and not (is_number(row[2]) and "." in row[2])


def read(document: Document) -> Transcript:
    """The transcript, a segment for each line; raises InputError naming the line.

    Names are had back from the comments that `write` puts before the lines; what is not to be scored is left out.
    """
    comments = (_NAME.fullmatch(line.strip()) for line in document.text.split("\n"))
    names: dict[str, str] = {comment[1]: comment[2] for comment in comments if comment}
    segments = []
    for number, row in field_rows(document.text, 6):
        place = f"{document.name}, line {number}"
        start, end = number_of(row, 3, place, _LINE), number_of(row, 4, place, _LINE)
        text = row[5] if len(row) > 5 else ""
        if _IGNORED in text.upper():
            continue
        label = _LABEL.match(text)
        speaker = None if row[2] == UNKNOWN_FIELD else names.get(row[2], row[2])
        segments.append(segment_from_text(text[label.end() :] if label else text, start, max(start, end), speaker))
    return assemble(segments)


def write(transcript: Transcript) -> str:
    """A line per utterance, in order of time, after comments that keep the names that hold white space."""
    file, fields = recording_field(transcript), field_names(transcript)
    shown = {field: shown_name(transcript, label) for label, field in fields.items() if label is not None}
    comments = [f";; speaker {field}: {name}\n" for field, name in shown.items() if field != name]
    spoken = sorted(utterances(transcript), key=lambda one: one.start)
    return "".join([*comments, *(_line(one, f"{file} 1 {fields[one.speaker]}") for one in spoken)])


def _line(one: Segment, head: str) -> str:
    """The utterance's line; a text that starts like a label does so no more."""
    text = re.sub(r"^<", "‹", one_line(one.text))
    return f"{head} {one.start:.3f} {one.end:.3f} {text}\n"
