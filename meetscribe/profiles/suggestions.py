"""Suggestions in a transcript: notices that a speaker may be a known person."""

from __future__ import annotations

from meetscribe.errors import Notice
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.labels import merged_label, names_by_label

SUGGESTED = "profiles.suggested"
"""The code of a notice that suggests a name.

Its data are the speaker, the name, the score, the margin, and `certain`, true for the band "named".
"""

SAME_PERSON = "profiles.same-person"
"""The code of a notice that a second speaker sounds like the same person."""


def is_named(transcript: Transcript, label: str) -> bool:
    """Return whether a speaker has a name after all edits, or was merged with another one."""
    edits = transcript.meta.edits
    return label in names_by_label(edits) or merged_label(edits, label) != label


def suggestions_by_label(transcript: Transcript) -> dict[str, Notice]:
    """Return the notices that suggest a name, by the label of their speaker."""
    return {str(notice.data["speaker"]): notice for notice in transcript.meta.notices if notice.code == SUGGESTED}


def without_settled_suggestions(transcript: Transcript) -> Transcript:
    """Return the transcript without suggestions for speakers who now have a name."""
    kept = [notice for notice in transcript.meta.notices if not _is_settled(notice, transcript)]
    return transcript.with_meta(notices=tuple(kept)) if len(kept) < len(transcript.meta.notices) else transcript


def _is_settled(notice: Notice, transcript: Transcript) -> bool:
    """Return whether a notice is about a speaker who has a name."""
    speaker = notice.data.get("speaker")
    return notice.code in (SUGGESTED, SAME_PERSON) and isinstance(speaker, str) and is_named(transcript, speaker)
