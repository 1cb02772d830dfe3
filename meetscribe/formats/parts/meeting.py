"""Title and date of a meeting in files."""

from __future__ import annotations

import re

from meetscribe.text.dates import parse_date
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Transcript


def meeting_title(transcript: Transcript) -> str:
    """Return the title to show: the meeting's, else the name of the recording, else "Transcript"."""
    return transcript.meta.title or (transcript.recording.name if transcript.recording else "") or "Transcript"


def read_title(value: object) -> str | None:
    """Return the title in a file; None if it is no text, or what `meeting_title` returns in place of a title.

    >>> read_title("Weekly sync"), read_title("standup.flac"), read_title("Transcript")
    ('Weekly sync', None, None)
    """
    title = one_line(value) if isinstance(value, str) else ""
    return None if title in ("", "Transcript") or re.fullmatch(r"[^ ]+\.\w{2,4}", title) else title


def read_date(value: object) -> str | None:
    """Return the date in a file, unchanged; None if it is not ISO 8601 text."""
    try:
        return str(value) if isinstance(value, str) and parse_date(value) else None
    except ValueError:
        return None
