"""STM, the text of each speaker from start to end (NIST sclite, meeteval): a line per utterance."""

from __future__ import annotations

import re

from meetscribe.formats.parts.building import assemble, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.fields import field_rows, is_number, number_of
from meetscribe.formats.parts.utterances import UNKNOWN_FIELD, field_names, recording_field
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.utterances import utterances

_NAME = re.compile(r";; speaker (\S+): (.+)")
_IGNORED = "IGNORE_TIME_SEGMENT_IN_SCORING"
_LABEL = re.compile(r"<[^<>\s]*>")
_LINE = "Write a line as: file channel speaker start end [<label>] words"


def matches(document: Document) -> bool:
    """Return whether the first lines are utterances with speakers, not with times in place of names."""
    rows = [row for _, row in field_rows(document.head, 6)][:20]
    return bool(rows) and all(_is_utterance(row) for row in rows)


def _is_utterance(row: list[str]) -> bool:
    """Return whether fields are a line of STM, not of RTTM (`<NA>` at the end) or CTM (a time in the third field)."""
    timed = len(row) >= 5 and is_number(row[3]) and is_number(row[4])
    return timed and not row[-1].startswith("<NA>") and not (is_number(row[2]) and "." in row[2])


def read(document: Document) -> Transcript:
    """Read a segment per line; raises InputError naming the line.

    Full names come from the comments that `write` puts before the lines; regions excluded from scoring are skipped.
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
    """Write a line per utterance in order of time, after comments with the names that differ from their fields."""
    file, fields = recording_field(transcript), field_names(transcript)
    shown = {field: shown_name(transcript, label) for label, field in fields.items() if label is not None}
    comments = [f";; speaker {field}: {name}\n" for field, name in shown.items() if field != name]
    ordered = sorted(utterances(transcript), key=lambda utterance: utterance.start)
    return "".join([*comments, *(_line(utterance, f"{file} 1 {fields[utterance.speaker]}") for utterance in ordered)])


def _line(utterance: Segment, head: str) -> str:
    """Return the line of an utterance; a leading `<`, which would start a label, is replaced."""
    text = re.sub(r"^<", "‹", one_line(utterance.text))
    return f"{head} {utterance.start:.3f} {utterance.end:.3f} {text}\n"
