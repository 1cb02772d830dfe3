"""Title and date of a meeting in files."""

from __future__ import annotations

from meetscribe.text.dates import parse_date
from meetscribe.transcript import Transcript


def meeting_title(transcript: Transcript) -> str:
    """Return the title to show: the meeting's, else the name of the recording, else "Transcript"."""
    return transcript.meta.title or (transcript.recording.name if transcript.recording else "") or "Transcript"


def read_date(value: object) -> str | None:
    """Return the date in a file, unchanged; None if it is not ISO 8601 text."""
    try:
        return str(value) if isinstance(value, str) and parse_date(value) else None
    except ValueError:
        return None
