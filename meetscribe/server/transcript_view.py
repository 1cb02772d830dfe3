"""The view of a transcript for the page: JSON with speakers, utterances, findings and corrections."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from meetscribe.errors import JSON
from meetscribe.formats import load
from meetscribe.storage.files import replace_file
from meetscribe.transcript import Transcript, Word
from meetscribe.transcript.doubt import is_doubtful
from meetscribe.transcript.edits.application import unapplied_edits
from meetscribe.transcript.edits.description import describe_edit
from meetscribe.transcript.edits.revision import revision
from meetscribe.transcript.utterances import Utterance, utterances

_SCHEMA = 1  # part of the names of cached views: increase it when the members change


def read_view(file: Path) -> bytes:
    """Return the view of a transcript file as JSON, cached beside the file; raises the errors of `load`."""
    try:
        return _cache_file(file).read_bytes()
    except FileNotFoundError:
        return write_view(file, load(file, "json"))


def write_view(file: Path, transcript: Transcript) -> bytes:
    """Store the view of a transcript just written to or read from `file`, and return it as JSON."""
    data = json.dumps(transcript_view(transcript), ensure_ascii=False).encode("utf-8", "backslashreplace")
    cached = _cache_file(file)
    with suppress(OSError):  # it can be computed again
        for old in file.parent.glob("view-*.json"):
            old.unlink(missing_ok=True)
        replace_file(cached, data)
    return data


def _cache_file(file: Path) -> Path:
    """Return the path of the cached view of a transcript file; its name changes with the file."""
    status = file.stat()
    return file.with_name(f"view-{_SCHEMA}-{status.st_mtime_ns:x}-{status.st_size:x}.json")


def transcript_view(transcript: Transcript) -> dict[str, JSON]:
    """Return the view of a transcript: its metadata, speakers, utterances, turns, findings, notices and edits.

    An utterance has an id, a speaker, start and end in seconds, and its words as arrays: id, start, end, text, and 1
    if the word is doubtful, else 0. Speakers are display names.
    """
    edited = transcript.edited()
    meta = edited.meta
    return {
        "revision": revision(transcript.meta.edits),
        "title": meta.title,
        "recorded_at": meta.recorded_at,
        "recording": transcript.recording.name if transcript.recording else None,
        "duration": meta.duration,
        "language": meta.language,
        "speakers": [*edited.speakers],
        "utterances": [_utterance(one) for one in sorted(utterances(edited), key=lambda one: one.start)],
        "turns": [[turn.start, turn.end, turn.speaker] for turn in meta.turns],
        "findings": [
            {"kind": one.kind, "start": one.start, "end": one.end, "reason": one.reason, "text": one.text}
            for one in meta.findings
        ],
        "notices": [notice.text for notice in meta.notices],
        "edits": _edits(transcript),
    }


def _utterance(one: Utterance) -> JSON:
    words: list[JSON] = [_word(word) for word in one.words]
    return {"id": one.id, "speaker": one.speaker, "start": one.start, "end": one.end, "words": words}


def _edits(transcript: Transcript) -> list[JSON]:
    """Return the corrections, the oldest first, and whether each has an effect."""
    unapplied = set(unapplied_edits(transcript))
    return [
        {"number": number, "text": describe_edit(edit), "made": edit.made, "applies": number not in unapplied}
        for number, edit in enumerate(transcript.meta.edits, start=1)
    ]


def _word(word: Word) -> JSON:
    return [word.id, word.start, word.end, word.text, int(is_doubtful(word))]
