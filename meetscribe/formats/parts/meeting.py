"""Title and date of a meeting in files."""

from __future__ import annotations

import re

from meetscribe.text.dates import parse_date
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Transcript

_RECORDING = re.compile(
    r".+\.(3g[2p]p?|aac|ac3|aif[cf]?|aiff|amr|asf|avi|caf|flac|flv|m2ts|m4[abv]|mk[av]|mov|mp[234]|mpe?g|mts|"
    r"og[agv]|opus|wave?|web[am]|wm[av])",
    re.IGNORECASE,
)


def meeting_title(transcript: Transcript) -> str:
    """Return the title to show: the meeting's, else the name of the recording, else "Transcript"."""
    return transcript.meta.title or (transcript.recording.name if transcript.recording else "") or "Transcript"


def read_title(value: object) -> str | None:
    """Return the title in a file; None if it is no text, "Transcript", or looks like the name of a recording.

    `meeting_title` returns these two in place of a title.

    >>> read_title("Weekly sync"), read_title("acme.io"), read_title("standup.flac"), read_title("Transcript")
    ('Weekly sync', 'acme.io', None, None)
    """
    title = one_line(value) if isinstance(value, str) else ""
    return None if title in ("", "Transcript") or _RECORDING.fullmatch(title) else title


def read_date(value: object) -> str | None:
    """Return the date in a file, unchanged; None if it is not ISO 8601 text."""
    try:
        return str(value) if isinstance(value, str) and parse_date(value) else None
    except ValueError:
        return None
