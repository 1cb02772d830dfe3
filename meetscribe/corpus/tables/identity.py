"""Meeting ids, derived from the content of the recordings."""

from __future__ import annotations

import hashlib

from meetscribe.corpus.tables.sources import Source
from meetscribe.transcript import Transcript

_DIGITS = 16  # hexadecimal: among a million recordings, the probability of a collision is 3e-8


def meeting_id(source: Source, transcript: Transcript | None) -> str:
    """Return the id of a recording: the first 16 hexadecimal digits of the hash of its content.

    Without a hash, the digits come from a digest of the words and turns, or of the path if there is no transcript or it
    has neither segments nor turns.
    """
    known = (transcript.recording.hash if transcript and transcript.recording else None) or source.hash
    digits = (known or "").rpartition(":")[2].lower()
    if len(digits) >= _DIGITS and set(digits) <= set("0123456789abcdef"):
        return digits[:_DIGITS]
    if known:
        return _digest(known)
    if transcript is None or not (transcript.segments or transcript.turns):
        return _digest(f"path {source.name}")
    words = [(word.text, word.start, word.end) for word in transcript.words]
    return _digest(repr((words, transcript.turns)))


def duplicate_id(meeting: str, source: Source) -> str:
    """Return the id of a duplicate of a meeting, from a different source."""
    return _digest(f"{meeting} {source.name}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
