"""The rows of the tables other than speakers and meetings: plain values, with the name of their meeting.

The functions that yield rows all take the settings, also those that do not use them: `statistics` calls them by table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from meetscribe.analytics.activity import overlaps, ratio, time_per_window, time_within
from meetscribe.analytics.analysis import Analysis
from meetscribe.analytics.floor.changes import transitions_of
from meetscribe.analytics.lexical.keywords import keywords_of, window_keywords_of
from meetscribe.analytics.lexical.topics import topics_of
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Topic


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A turn with its number from 0 on, and its number of words, which is 0 if only turns are known."""

    meeting: str
    turn: int
    start: Seconds
    end: Seconds
    duration_s: Seconds
    speaker: str
    words: int
    text: str


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """Simultaneous speech of two speakers; `speaker` began first.

    `backchannel` states whether a backchannel of `other` begins at `start`.
    """

    meeting: str
    start: Seconds
    end: Seconds
    duration_s: Seconds
    speaker: str
    other: str
    backchannel: bool


@dataclass(frozen=True, slots=True)
class GapRow:
    """The change from one turn, which ends at `end`, to the next; `offset_s` is negative for an overlap.

    See `floor.changes`.
    """

    meeting: str
    end: Seconds
    next_start: Seconds
    offset_s: Seconds
    kind: str
    speaker: str
    next_speaker: str


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """The number of times `next_speaker` follows `speaker`, and its share of the changes from `speaker` to anyone."""

    meeting: str
    speaker: str
    next_speaker: str
    count: int
    share: float
    median_offset_s: Seconds


@dataclass(frozen=True, slots=True)
class InterruptionRow:
    """An attempted interruption by `speaker`, and whether it succeeds. See `floor.interruptions`."""

    meeting: str
    start: Seconds
    speaker: str
    interrupted: str
    overlap_s: Seconds
    successful: bool
    basis: str


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A speaker's talk time in a window, with its shares of all talk times and of the window's length."""

    meeting: str
    start: Seconds
    end: Seconds
    speaker: str
    talk_time_s: Seconds
    talk_share: float | None
    airtime_share: float | None


@dataclass(frozen=True, slots=True)
class KeywordRow:
    """A term of a speaker, and the z-score of its log-odds against the other speakers. See `lexical.keywords`.

    `first` and `last` are the start times of its first and last mention.
    """

    meeting: str
    speaker: str
    term: str
    count: int
    z_score: float
    first: Seconds
    last: Seconds


@dataclass(frozen=True, slots=True)
class WindowKeywordRow:
    """A term of a window, and the z-score of its log-odds against the other windows. See `lexical.keywords`.

    `speaker` uses it most often in the window.
    """

    meeting: str
    start: Seconds
    end: Seconds
    term: str
    count: int
    z_score: float
    speaker: str


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic with its terms, joined by commas, and the speaker who talks most in it. See `lexical.topics`.

    `topic` is its number from 0 on. `speaker_share` is the share of that speaker in the talk times in the topic.
    """

    meeting: str
    topic: int
    start: Seconds
    end: Seconds
    duration_s: Seconds
    terms: str
    speaker: str | None
    speaker_share: float | None


def turn_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[TurnRow]:
    """Yield the turns in order of their start."""
    for number, turn in enumerate(analysis.floor.turns):
        length = round(turn.duration, 3)
        yield TurnRow(
            analysis.meeting.name, number, turn.start, turn.end, length, turn.speaker, len(turn.words), turn.text
        )


def overlap_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[OverlapRow]:
    """Yield the overlaps of each pair of speakers by start."""
    backchannels = {(turn.speaker, turn.start) for turn in analysis.floor.backchannels}
    for each in overlaps(analysis.speech):
        duration = round(each.end - each.start, 3)
        is_backchannel = (each.other, each.start) in backchannels
        yield OverlapRow(
            analysis.meeting.name, each.start, each.end, duration, each.speaker, each.other, is_backchannel
        )


def gap_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[GapRow]:
    """Yield the changes between turns in order."""
    for gap in analysis.gaps:
        yield GapRow(
            analysis.meeting.name, gap.end, gap.next_start, gap.offset, gap.kind, gap.speaker, gap.next_speaker
        )


def transition_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[TransitionRow]:
    """Yield the transitions between pairs of speakers, the most frequent first."""
    for each in transitions_of(analysis.gaps):
        share = round(each.share, 6)
        yield TransitionRow(
            analysis.meeting.name, each.speaker, each.next_speaker, each.count, share, each.median_offset
        )


def interruption_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[InterruptionRow]:
    """Yield the attempted interruptions in order."""
    for each in analysis.interruptions:
        yield InterruptionRow(
            analysis.meeting.name,
            each.start,
            each.speaker,
            each.interrupted,
            each.overlap,
            each.successful,
            each.basis,
        )


def window_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[WindowRow]:
    """Yield one row per window and speaker; the last window ends with the meeting."""
    duration, length = analysis.meeting.duration, settings.window
    count = math.ceil(duration / length)
    times = {
        speaker: time_per_window(analysis.speech.get(speaker, ()), length, count)
        for speaker in analysis.meeting.speakers
    }
    for index in range(count):
        start, end = round(index * length, 3), round(min(duration, (index + 1) * length), 3)
        whole = math.fsum(talk_times[index] for talk_times in times.values())
        for speaker, talk_times in times.items():
            talk = talk_times[index]
            yield WindowRow(
                analysis.meeting.name, start, end, speaker, round(talk, 3), ratio(talk, whole), ratio(talk, end - start)
            )


def keyword_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[KeywordRow]:
    """Yield the keywords of each speaker, the most characteristic first."""
    for each in keywords_of(analysis.terms, settings.keywords):
        keyword = each.keyword
        yield KeywordRow(
            analysis.meeting.name, each.speaker, keyword.term, keyword.count, keyword.z_score, each.first, each.last
        )


def window_keyword_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[WindowKeywordRow]:
    """Yield the keywords of each window of the timeline, the most characteristic first."""
    for each in window_keywords_of(analysis.terms, settings.window, settings.keywords):
        start, end = each.window * settings.window, (each.window + 1) * settings.window
        yield WindowKeywordRow(
            analysis.meeting.name,
            round(start, 3),
            round(min(analysis.meeting.duration, end), 3),
            each.keyword.term,
            each.keyword.count,
            each.keyword.z_score,
            each.speaker,
        )


def topics(analysis: Analysis, settings: AnalyticsSettings) -> tuple[Topic, ...]:
    """Return the topics of a meeting in order."""
    meeting = analysis.meeting
    return topics_of(analysis.terms, meeting.words, meeting.starts, settings.min_topic, settings.keywords)


def topic_rows(analysis: Analysis, settings: AnalyticsSettings) -> Iterator[TopicRow]:
    """Yield the topics in order, with the speaker who talks most."""
    for number, topic in enumerate(topics(analysis, settings)):
        times = {speaker: time_within(spans, topic.span) for speaker, spans in analysis.speech.items()}
        most = max(times, key=lambda speaker: times[speaker], default=None)
        share = ratio(times[most], math.fsum(times.values())) if most is not None else None
        yield TopicRow(
            analysis.meeting.name,
            number,
            topic.start,
            topic.end,
            round(topic.end - topic.start, 3),
            ", ".join(topic.terms),
            most,
            share,
        )
