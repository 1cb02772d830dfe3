"""RTTM, speaker turns (NIST RT-09 evaluation plan): written from a transcript, read as turns."""

from __future__ import annotations

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.utterances import field_names, recording_field
from meetscribe.timeline import Turn
from meetscribe.transcript import Transcript
from meetscribe.transcript.turns import turns_of

_TYPES = frozenset("SPEAKER SPKR-INFO LEXEME NON-LEX NON-SPEECH SEGMENT NOSCORE NO_RT_METADATA FILLER EDIT".split())
_REMEDY = "Write a line as: SPEAKER file 1 start duration <NA> <NA> name <NA> <NA>"


def write(transcript: Transcript) -> str:
    """Write a SPEAKER line per turn in order of time, derived from the words' speakers if there are no turns.

    White space in names and in the recording's name becomes an underscore.
    """
    file_id, fields = recording_field(transcript), field_names(transcript)
    return "".join(
        f"SPEAKER {file_id} 1 {turn.start:.3f} {turn.duration:.3f} <NA> <NA> {fields[turn.speaker]} <NA> <NA>\n"
        for turn in sorted(turns_of(transcript))
        if turn.duration > 0
    )


def matches(document: Document) -> bool:
    """Return whether the first line that is not a comment is a line of RTTM."""
    first = next((line for line in document.head.splitlines() if line.strip() and not line.startswith(";")), "")
    fields = first.split()
    return len(fields) >= 8 and fields[0] in _TYPES


def read(document: Document) -> Transcript:
    """Read a transcript of turns without words; raises InputError like `read_rttm`."""
    return assemble((), turns=read_rttm(document.text, document.name))


def read_rttm(data: str | bytes, name: str = "RTTM", file_id: str | None = None) -> tuple[Turn, ...]:
    """Return the turns of one recording in order of time; `name` is the file's name, for messages.

    Bytes must be text in UTF-8. Comments (`;;`) and lines of types other than SPEAKER are skipped. Raises InputError
    naming the invalid line, or the recordings if there are several and no `file_id` is given.

    >>> read_rttm("SPEAKER meeting 1 0.50 2.25 <NA> <NA> Anna <NA> <NA>")
    (Turn(start=0.5, end=2.75, speaker='Anna'),)
    """
    turns: dict[str, list[Turn]] = {}
    for number, line in enumerate(_text(data, name).splitlines(), start=1):
        fields = line.split()
        if fields and fields[0] == "SPEAKER":
            turn = _turn(fields, f"{name}, line {number}")
            turns.setdefault(fields[1], []).append(turn)
    if file_id is None:
        if len(turns) > 1:
            raise InputError(
                f"{name}: holds several recordings: {', '.join(turns)}", "Divide the file, one recording in each."
            )
        return tuple(sorted(turn for each in turns.values() for turn in each))
    return tuple(sorted(turns.get(file_id, ())))


def _text(data: str | bytes, name: str) -> str:
    try:
        return data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not text in UTF-8 ({error.reason})", "Save the file as UTF-8.") from error


def _turn(fields: list[str], place: str) -> Turn:
    if len(fields) < 8:
        raise InputError(f"{place}: expected 10 fields, found {len(fields)}", _REMEDY)
    try:
        start, duration = float(fields[3]), float(fields[4])
        return Turn(start, start + duration, fields[7])
    except ValueError as error:
        raise InputError(f"{place}: {error}", _REMEDY) from error
