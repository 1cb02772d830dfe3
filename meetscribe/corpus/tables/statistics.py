"""Statistics over a corpus in bounded memory: meetings are read, analysed and summed up one at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from meetscribe.analytics import AnalyticsSettings, MeetingStatistics, SpeakerStatistics, stats
from meetscribe.analytics.statistics import is_automatic
from meetscribe.corpus.tables.files.manifest import read_manifest
from meetscribe.corpus.tables.meeting import COLUMNS, meeting_from_rows
from meetscribe.corpus.tables.reading import Corpus, MeetingRows
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds

Group: TypeAlias = Literal["speaker", "collection", "month", "year", "language"]
"""The keys by which meetings or their speakers are grouped."""

UNNAMED = "unnamed"
"""The group of all speakers with labels such as SPEAKER_00, which mean different people in different meetings."""

UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Selection:
    """The meetings to read: only those of `collections`, if given, and from `since` to `until`, both inclusive."""

    collections: Collection[str] = ()
    since: date | None = None
    until: date | None = None

    def takes(self, day: date | None) -> bool:
        """Return whether a meeting on that day is selected; undated meetings only without `since` and `until`."""
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


@dataclass(slots=True)
class Totals:
    """The totals of a group of meetings; for a speaker, of the speaker's part in the meetings attended.

    meetings         meetings with speaker turns, also those derived from words; others count in none of the totals
    duration_s       their total duration
    talk_time_s      talk time; for a speaker, the union of the speaker's intervals
    everyone_s       talk time of all speakers in these meetings
    overlap_s        talk time during overlapping speech
    longest_turn_s   the longest turn in any meeting
    turns, monologues, words, questions, fillers, backchannels, interruptions, interruption_attempts
                     as in the statistics of a meeting; the sum of the known values, None if no meeting has one
    """

    group: str
    meetings: int = 0
    duration_s: Seconds = 0.0
    talk_time_s: Seconds = 0.0
    everyone_s: Seconds = 0.0
    overlap_s: Seconds = 0.0
    turns: int = 0
    longest_turn_s: Seconds = 0.0
    monologues: int = 0
    words: int | None = None
    questions: int | None = None
    fillers: int | None = None
    backchannels: int = 0
    interruptions: int | None = None
    interruption_attempts: int | None = None

    @property
    def talk_share(self) -> float | None:
        """The share of the total talk time in the meetings attended."""
        return round(self.talk_time_s / self.everyone_s, 4) if self.everyone_s else None

    @property
    def airtime_share(self) -> float | None:
        """The talk time divided by the duration of the meetings."""
        return round(self.talk_time_s / self.duration_s, 4) if self.duration_s else None

    @property
    def words_per_min(self) -> float | None:
        """Words per minute of talk time."""
        return round(60 * self.words / self.talk_time_s, 1) if self.talk_time_s and self.words is not None else None

    def add(self, row: SpeakerStatistics) -> None:
        """Add the part of a speaker in a meeting."""
        self.talk_time_s += row.talk_time_s
        self.overlap_s += row.overlap_s
        self.turns += row.turns
        self.longest_turn_s = max(self.longest_turn_s, row.longest_turn_s or 0.0)
        self.monologues += row.monologues
        self.backchannels += row.backchannels
        self.words = _sum(self.words, row.words)
        self.questions = _sum(self.questions, row.questions)
        self.fillers = _sum(self.fillers, row.fillers)
        self.interruptions = _sum(self.interruptions, row.interruptions_made)
        self.interruption_attempts = _sum(self.interruption_attempts, row.interruption_attempts)


def _sum(total: int | None, count: int | None) -> int | None:
    """Return the sum of the known values, None if both are unknown."""
    return total if count is None else (total or 0) + count


@dataclass(frozen=True, slots=True)
class CorpusStatistics:
    """The statistics of a corpus: meetings by status, the total, and the groups in decreasing order of talk time."""

    by: Group
    statuses: Mapping[str, int]
    total: Totals
    groups: tuple[Totals, ...]


@dataclass(slots=True)
class _Sums:
    """The sums over the meetings read so far, in total and by group."""

    by: Group
    statuses: dict[str, int] = field(default_factory=dict)
    total: Totals = field(default_factory=lambda: Totals("total"))
    groups: dict[str, Totals] = field(default_factory=dict)

    def add(self, rows: MeetingRows, meeting: MeetingStatistics, speakers: Collection[SpeakerStatistics]) -> None:
        """Add a meeting."""
        everyone = sum(row.talk_time_s for row in speakers)
        grouped: dict[str, list[SpeakerStatistics]] = {}
        for row in speakers:
            grouped.setdefault(self._group(rows, row), []).append(row)
        for totals, members in [
            (self.total, list(speakers)),
            *((self._totals(name), members) for name, members in grouped.items()),
        ]:
            totals.meetings += 1
            totals.duration_s += meeting.duration_s
            totals.everyone_s += everyone
            for row in members:
                totals.add(row)

    def _totals(self, name: str) -> Totals:
        return self.groups.setdefault(name, Totals(name))

    def _group(self, rows: MeetingRows, row: SpeakerStatistics) -> str:
        """Return the group of a speaker in a meeting."""
        if self.by == "speaker":
            return UNNAMED if is_automatic(row.speaker) else row.speaker
        return _GROUPS[self.by](rows)


_GROUPS: Mapping[str, Callable[[MeetingRows], str]] = {
    "collection": lambda rows: rows.collection,
    "month": lambda rows: f"{rows.row['date']:%Y-%m}" if rows.row["date"] else UNDATED,
    "year": lambda rows: f"{rows.row['date']:%Y}" if rows.row["date"] else UNDATED,
    "language": lambda rows: rows.row["language"] or "und",
}


def corpus_statistics(
    corpus: Corpus,
    by: Group = "speaker",
    selection: Selection | None = None,
    settings: AnalyticsSettings | None = None,
    progress: Progress = ignore_progress,
) -> CorpusStatistics:
    """Return the statistics of a corpus, with a group for each speaker, collection, month, year or language.

    Only one meeting at a time and the totals of the groups are in memory. Raises InputError for a damaged file.
    """
    sums, selection = _Sums(by), selection or Selection()
    for rows in selected_meetings(corpus, selection, progress):
        status = rows.row["status"]
        sums.statuses[status] = sums.statuses.get(status, 0) + 1
        if rows.row["turns"]:
            found = stats(meeting_from_rows(rows), settings=settings)
            sums.add(rows, found.meetings[0], found.speakers)
    ordered = sorted(sums.groups.values(), key=lambda totals: (-totals.talk_time_s, totals.group))
    return CorpusStatistics(by, dict(sorted(sums.statuses.items())), sums.total, tuple(ordered))


def meetings_with_statistics(
    corpus: Corpus,
    selection: Selection | None = None,
    settings: AnalyticsSettings | None = None,
    progress: Progress = ignore_progress,
) -> Iterator[tuple[MeetingRows, MeetingStatistics]]:
    """Yield the meetings of a corpus that have turns, each with its statistics, one at a time."""
    for rows in selected_meetings(corpus, selection or Selection(), progress):
        if rows.row["turns"]:
            yield rows, stats(meeting_from_rows(rows), settings=settings).meetings[0]


def selected_meetings(corpus: Corpus, selection: Selection, progress: Progress) -> Iterator[MeetingRows]:
    """Yield the selected meetings with the tables that their statistics need."""
    count = max(1, read_manifest(corpus.root).rows["meetings"])
    for number, rows in enumerate(corpus.meetings(COLUMNS, selection.collections)):
        progress(min(1.0, number / count))
        if selection.takes(rows.row["date"]):
            yield rows
    progress(1.0)
