"""The contents of a report, composed from the transcript, its statistics and its minutes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from meetscribe.analytics import AnalyticsSettings, MeetingStatistics, SpeakerStatistics, Statistics, stats
from meetscribe.analytics.rows import KeywordRow
from meetscribe.errors import InputError, Notice
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.making import digest
from meetscribe.minutes.output.view import CitationView, View
from meetscribe.minutes.summary import summarize
from meetscribe.report.paragraphs import Paragraph, paragraphs_of
from meetscribe.text.counting import counted
from meetscribe.text.languages import UNKNOWN, name_of
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Finding, Transcript
from meetscribe.transcript.notes import Citation, Minutes, Topic
from meetscribe.transcript.sources import TranscriptSource, as_transcript
from meetscribe.transcript.word_ids import with_word_ids


@dataclass(frozen=True, slots=True)
class Report:
    """A report of one meeting.

    `transcript` keeps its edits and has an id for each word; `edited` is the same transcript with the edits applied.
    `passages` are citations of the key passages in order. `minutes` is None if there are none.
    """

    transcript: Transcript
    edited: Transcript
    statistics: Statistics
    paragraphs: tuple[Paragraph, ...]
    passages: tuple[Citation, ...] = ()
    minutes: Minutes | None = None
    notices: tuple[Notice, ...] = ()

    def __repr__(self) -> str:
        speakers, paragraphs = counted(len(self.speakers), "speaker"), counted(len(self.paragraphs), "paragraph")
        minutes = "with" if self.minutes else "without"
        return f"<Report: {self.title}, {speakers}, {paragraphs}, {minutes} minutes>"

    @property
    def title(self) -> str:
        """The title of the meeting, or the name of the recording without its suffix."""
        recording = self.edited.recording
        return self.edited.meta.title or (PurePath(recording.name).stem if recording else "") or "Meeting"

    @property
    def language(self) -> str:
        """The English name of the language, empty if unknown."""
        code = self.edited.language
        return "" if code == UNKNOWN else name_of(code).title()

    @property
    def meeting(self) -> MeetingStatistics:
        """The statistics of the meeting."""
        return self.statistics.meetings[0]

    @property
    def speakers(self) -> tuple[SpeakerStatistics, ...]:
        """The statistics of the speakers, the longest talk time first."""
        return self.statistics.speakers

    @property
    def duration(self) -> Seconds:
        """The length of the meeting in seconds."""
        return self.meeting.duration_s

    @property
    def speech(self) -> dict[str, tuple[Span, ...]]:
        """The speech spans of each speaker, in the order of `speakers`."""
        found = self.statistics.analyses[0].speech
        return {row.speaker: found.get(row.speaker, ()) for row in self.speakers}

    @property
    def timed(self) -> bool:
        """Whether the words or turns have times."""
        return self.duration > 0

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics in order."""
        return self.statistics.topics

    @property
    def keywords(self) -> dict[str, tuple[KeywordRow, ...]]:
        """The keywords of each speaker, the most characteristic first."""
        rows: tuple[KeywordRow, ...] = self.statistics.rows("keywords")
        return {row.speaker: found for row in self.speakers if (found := _of(rows, row.speaker))}

    @property
    def view(self) -> View | None:
        """The minutes with corrected names and times, None without minutes."""
        return View(self.minutes, self.transcript) if self.minutes else None

    @property
    def cited_passages(self) -> tuple[CitationView, ...]:
        """The key passages with corrected speakers and times."""
        # A view resolves citations in the transcript; empty minutes serve for a report without minutes.
        view = View(self.minutes or Minutes(self.edited.language, ""), self.transcript)
        return tuple(map(view.citation, self.passages))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The passages to check, in order of time."""
        return tuple(sorted(self.edited.meta.findings, key=lambda one: one.start))


def make_report(
    transcript: TranscriptSource, minutes: Minutes | None = None, *, settings: AnalyticsSettings | None = None
) -> Report:
    """Return the report of a transcript with its edits applied, and of its minutes.

    The title and the date are taken from the transcript, or else from the minutes. `settings` configure the statistics.
    If the transcript was changed after the minutes, the report has a notice. Raises InputError if the transcript cannot
    be read, or has neither words nor turns.
    """
    transcript = as_transcript(transcript)
    if not transcript.words and not transcript.turns:
        raise InputError("the transcript contains neither words nor turns", "Transcribe the recording first.")
    identified = with_word_ids(_described(transcript, minutes))
    edited = identified.edited()
    passages = minutes.summary if minutes and minutes.summary else summarize(Dialogue(identified))
    return Report(
        identified,
        edited,
        stats(identified, settings=settings),
        paragraphs_of(edited),
        passages,
        minutes,
        _notices(identified, minutes),
    )


def _described(transcript: Transcript, minutes: Minutes | None) -> Transcript:
    """Return the transcript with missing title and date taken from the minutes."""
    if minutes is None:
        return transcript
    meta = transcript.meta
    return transcript.with_meta(title=meta.title or minutes.title, recorded_at=meta.recorded_at or minutes.recorded_at)


def _notices(transcript: Transcript, minutes: Minutes | None) -> tuple[Notice, ...]:
    """Return a notice if the minutes are of an earlier state of the transcript."""
    if minutes is None or minutes.transcript == digest(transcript):
        return ()
    text = "the transcript was changed after the minutes were written; citations with changed words are marked"
    return (Notice("report.changed-transcript", text, {"minutes": minutes.transcript}),)


def _of(rows: tuple[KeywordRow, ...], speaker: str) -> tuple[KeywordRow, ...]:
    return tuple(row for row in rows if row.speaker == speaker)
