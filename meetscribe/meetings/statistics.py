"""Statistics over the meetings of a library."""

from __future__ import annotations

from pathlib import Path

from meetscribe.analytics import AnalyticsSettings, Statistics, stats
from meetscribe.analytics.statistics import By
from meetscribe.errors import InputError
from meetscribe.library import Library
from meetscribe.transcript import Transcript


def library_statistics(
    library: Library, query: str = "", *, by: By = "meeting", settings: AnalyticsSettings | None = None
) -> Statistics:
    """Return the statistics of the library's meetings, the latest first.

    With `by` "speaker", the speakers have one row per person over all meetings. `query` selects meetings by fields.
    Restricted meetings and meetings without speakers are excluded. Raises InputError if no meeting remains, or if a
    transcript cannot be read.
    """
    meetings = [meeting for meeting in library.meetings(query) if meeting.speakers]
    if not meetings:
        found = "no meeting with speakers that is not restricted"
        text = f"{found} matches {query!r}" if query else f"{found} is in the library"
        raise InputError(text, "Change the query." if query else "Add meetings: meetscribe library add PATH")
    transcripts = [Transcript.load(Path(meeting.source.path)) for meeting in meetings]
    return stats(*transcripts, by=by, settings=settings, names=[meeting.title for meeting in meetings])
