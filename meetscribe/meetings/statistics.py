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
    """Return the statistics of the library's meetings, the latest first; with `by` "speaker", by person over all.

    `query` limits the meetings by fields. Restricted meetings, and those without known speakers, are left out. Raises
    InputError if none is left, or if a transcript cannot be read.
    """
    meetings = [meeting for meeting in library.meetings(query) if meeting.speakers]
    if not meetings:
        raise InputError("no meeting of the library has known speakers", "Add some: meetscribe library add PATH")
    transcripts = [Transcript.load(Path(meeting.source.path)) for meeting in meetings]
    return stats(*transcripts, by=by, settings=settings, names=[meeting.title for meeting in meetings])
