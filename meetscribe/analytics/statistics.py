"""`stats`: all tables of one or several meetings, as values and as frames."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from meetscribe.analytics import rows
from meetscribe.analytics.analysis import Analysis, analyse
from meetscribe.analytics.meeting import Meeting, meeting_of
from meetscribe.analytics.overall import MeetingStatistics, meeting_statistics
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.analytics.speakers import SpeakerStatistics, speaker_statistics
from meetscribe.errors import SettingsError, nearest
from meetscribe.text.counting import counted
from meetscribe.transcript.notes import Topic
from meetscribe.transcript.sources import SpeechSource

if TYPE_CHECKING:
    import pandas as pd

Source: TypeAlias = "SpeechSource | Meeting"
"""A source of statistics: a transcript in any form, turns alone, or a prepared meeting."""

By: TypeAlias = Literal["meeting", "speaker"]
"""The rows of the table of speakers: per meeting, or per person over all meetings."""

ALL_MEETINGS = "all"
"""The value of the column `meeting` in rows over several meetings."""

_AUTOMATIC = re.compile(r"(SPEAKER|speaker|spk|S)?[_ -]?\d+|[A-Z]", re.ASCII)
"""Labels assigned by a diarizer, which do not identify a person across meetings."""

_ROWS: Mapping[str, Callable[[Analysis, AnalyticsSettings], Iterator[Any]]] = {
    "turns": rows.turn_rows,
    "overlaps": rows.overlap_rows,
    "gaps": rows.gap_rows,
    "transitions": rows.transition_rows,
    "interruptions": rows.interruption_rows,
    "timeline": rows.window_rows,
    "keywords": rows.keyword_rows,
    "window_keywords": rows.window_keyword_rows,
    "topics": rows.topic_rows,
}

TABLES = ("speakers", "meeting", *_ROWS, "metrics")
"""The names of the tables."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics of one or several meetings.

    `meetings` and `speakers` are computed immediately, the other tables on demand. With `by` "speaker", `speakers` has
    one row per person over all meetings.
    """

    analyses: tuple[Analysis, ...]
    settings: AnalyticsSettings
    by: By
    meetings: tuple[MeetingStatistics, ...]
    speakers: tuple[SpeakerStatistics, ...]

    def __repr__(self) -> str:
        meetings, speakers = counted(len(self.meetings), "meeting"), counted(len(self.speakers), "speaker")
        return f"<Statistics: {meetings}, {speakers}>"

    def _repr_html_(self) -> str:
        """Return the table of the speakers as HTML, for notebooks."""
        return str(self.frame("speakers").to_html(index=False))

    def rows(self, table: str) -> tuple[Any, ...]:
        """Return the rows of a table in order of the meetings; raises SettingsError for an unknown table."""
        if table == "speakers":
            return self.speakers
        if table == "meeting":
            return self.meetings
        if table == "metrics":
            from meetscribe.analytics.metric_rows import metric_rows

            return tuple(metric_rows(self.meetings, self.speakers, self.settings))
        if table not in _ROWS:
            raise SettingsError(f"there is no table {table!r}", nearest(table, TABLES))
        return tuple(row for analysis in self.analyses for row in _ROWS[table](analysis, self.settings))

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table as a tidy DataFrame; raises SettingsError for an unknown table."""
        from meetscribe.analytics.frames import to_frame

        return to_frame(table, self.rows(table))

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return all tables as tidy DataFrames by name."""
        return {table: self.frame(table) for table in TABLES}

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of all meetings, for minutes, reports and podcasts."""
        return tuple(topic for analysis in self.analyses for topic in rows.topics(analysis, self.settings))


def stats(
    *sources: Source, by: By = "meeting", settings: AnalyticsSettings | None = None, names: Sequence[str] | None = None
) -> Statistics:
    """Return the statistics of one or several meetings.

    A source is a transcript, its DataFrame, the path of a file in any readable format, or turns alone. `names` has the
    name of each source, by default that of the file or, for a transcript, of its recording; equal names are numbered. A
    DataFrame with several values in a column `meeting` is a source of several meetings with these names. With
    `by="speaker"`, speakers with the same name are one person, except labels of a diarizer such as SPEAKER_00, which
    are separate per meeting.

    Raises InputError if a file or a frame cannot be read, SettingsError for another value of `by`.

    >>> from meetscribe.timeline import Turn
    >>> result = stats([Turn(0, 30, "Anna"), Turn(30, 40, "Ben")])
    >>> [(each.speaker, each.talk_share) for each in result.speakers]
    [('Anna', 0.75), ('Ben', 0.25)]
    """
    settings = settings or AnalyticsSettings()
    given: Sequence[str | None] = names or [None] * len(sources)
    meetings = [
        source if isinstance(source, Meeting) else meeting_of(source, name)
        for named_source in zip(sources, given, strict=True)
        for source, name in _by_meeting(*named_source)
    ]
    if by not in ("meeting", "speaker"):
        raise SettingsError(f"statistics are by meeting or by speaker, not by {by!r}")
    numbered = _numbered(meetings)
    if by == "speaker" and len(numbered) > 1:
        numbered = [_with_unique_labels(meeting) for meeting in numbered]
    analyses = tuple(analyse(meeting, settings) for meeting in numbered)
    groups = (
        [(ALL_MEETINGS, analyses)]
        if by == "speaker"
        else [(analysis.meeting.name, (analysis,)) for analysis in analyses]
    )
    speakers = tuple(row for name, group in groups for row in speaker_statistics(name, group, settings))
    overall = tuple(meeting_statistics(analysis, settings) for analysis in analyses)
    return Statistics(analyses, settings, by, overall, speakers)


def _by_meeting(source: Source, name: str | None) -> Iterator[tuple[Source, str | None]]:
    """Yield a source with its name; a frame with several meetings in a column `meeting` yields a source for each."""
    frame: Any = source
    if "meeting" in getattr(source, "columns", ()) and frame["meeting"].nunique() > 1:
        yield from ((part, str(meeting)) for meeting, part in frame.groupby("meeting", sort=False))
    else:
        yield source, name


def is_automatic(label: str) -> bool:
    """Return whether a label was assigned by a diarizer and does not name a person.

    >>> is_automatic("SPEAKER_00"), is_automatic("A"), is_automatic("Anna")
    (True, True, False)
    """
    return _AUTOMATIC.fullmatch(label) is not None


def _numbered(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Return the meetings with unique names: the second meeting with the same name is "name (2)"."""
    seen: Counter[str] = Counter()
    found = []
    for meeting in meetings:
        seen[meeting.name] += 1
        number = seen[meeting.name]
        found.append(meeting if number == 1 else replace(meeting, name=f"{meeting.name} ({number})"))
    return found


def _with_unique_labels(meeting: Meeting) -> Meeting:
    """Return the meeting with its name appended to the labels that do not name a person."""
    automatic = [speaker for speaker in meeting.speakers if is_automatic(speaker)]
    return meeting.renamed({speaker: f"{speaker} ({meeting.name})" for speaker in automatic})
