"""Write a transcript as native JSON, schema "meetscribe/1"."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from meetscribe.errors import JSON, Notice
from meetscribe.timeline import Turn
from meetscribe.transcript.edits.revision import revision
from meetscribe.transcript.edits.values import edit_members
from meetscribe.transcript.values import Finding, Transcript
from meetscribe.transcript.words import Segment, Word

SCHEMA = "meetscribe/1"
"""The value of the member "schema"."""


def dumps(transcript: Transcript) -> str:
    """Return the transcript as JSON, with a line per word, turn or entry, and members in a fixed order."""
    meta = transcript.meta
    recording = meta.recording
    members = {
        "schema": _line(SCHEMA),
        "language": _line(meta.language),
        "duration": _line(meta.duration),
        "title": _line(meta.title),
        "recorded_at": _line(meta.recorded_at),
        "participants": _line(meta.participants),
        "source": _line({"name": recording.name, "hash": recording.hash} if recording else None),
        "recording": _line({"path": recording.path, "hash": recording.hash} if recording else None),
        "speakers": _line(transcript.speakers),
        "segments": _array((_segment(segment) for segment in transcript.segments), indent=1),
        "turns": _array(map(_turn, meta.turns), indent=1),
        "exclusive": _array(map(_turn, meta.exclusive), indent=1),
        "edits": _array((_line(edit_members(edit)) for edit in meta.edits), indent=1),
        "revision": _line(revision(meta.edits)),
        "warnings": _array(map(_line, meta.warnings), indent=1),
        "notices": _array(map(_notice, meta.notices), indent=1),
        "findings": _array(map(_finding, meta.findings), indent=1),
        "made_by": _object(meta.provenance.to_json()),
    }
    if not meta.edits:  # so that a transcript without edits gives the same file as in older versions
        del members["revision"]
    return "{\n" + ",\n".join(f' "{key}": {text}' for key, text in members.items()) + "\n}\n"


def _segment(segment: Segment) -> str:
    """Return a line for the segment, and a line per word."""
    members = {"start": segment.start, "end": segment.end, "speaker": segment.speaker, "text": segment.text}
    return f'{_line(members)[:-1]}, "words": {_array(map(_word, segment.words), indent=2)}}}'


def _word(word: Word) -> str:
    """Return the line of a word; `language` and `chars` only if they are set."""
    members: dict[str, JSON] = {
        "id": word.id,
        "text": word.text,
        "start": word.start,
        "end": word.end,
        "speaker": word.speaker,
        "timing": word.timing,
        "score": word.score,
        "speaker_score": word.speaker_score,
        "speaker_source": word.speaker_source,
        "overlap": word.overlap,
        "probability": word.probability,
    }
    if word.language is not None:
        members["language"] = word.language
    if word.chars:
        members["chars"] = [
            {"text": char.text, "start": char.start, "end": char.end, "score": char.score} for char in word.chars
        ]
    return _line(members)


def _turn(turn: Turn) -> str:
    return _line({"start": turn.start, "end": turn.end, "speaker": turn.speaker})


def _notice(notice: Notice) -> str:
    return _line({"code": notice.code, "text": notice.text, "data": dict(notice.data)})


def _finding(finding: Finding) -> str:
    return _line(
        {
            "kind": finding.kind,
            "start": finding.start,
            "end": finding.end,
            "reason": finding.reason,
            "text": finding.text,
        }
    )


def _line(value: JSON | Sequence[str] | Mapping[str, JSON]) -> str:
    """Return the value on one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _array(lines: Iterable[str], indent: int) -> str:
    """Return a list with a line per element."""
    pad = "\n" + " " * (indent + 1)
    inside = f",{pad}".join(lines)
    return f"[{pad}{inside}\n{' ' * indent}]" if inside else "[]"


def _object(members: Mapping[str, JSON]) -> str:
    """Return an object with a line per member."""
    inside = ",\n  ".join(f"{_line(key)}: {_line(value)}" for key, value in members.items())
    return f"{{\n  {inside}\n }}" if inside else "{}"
