"""Title and date of a meeting, as formats show and read them."""

from __future__ import annotations

from meetscribe.text.dates import parse_date
from meetscribe.transcript import Transcript


def meeting_title(transcript: Transcript) -> str:
    """Return the title to show: the meeting's, else the name of the recording, else "Transcript"."""
    return transcript.meta.title or (transcript.recording.name if transcript.recording else "") or "Transcript"


def read_date(value: object) -> str | None:
    """Return a date as a file states it; None if it is not in ISO 8601."""
    try:
        return str(value) if isinstance(value, str) and parse_date(value) else None
    except ValueError:
        return None
