"""Statistics of a whole meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from meetscribe.analytics.activity import overlap_time, pauses, ratio
from meetscribe.analytics.analysis import Analysis
from meetscribe.analytics.balance import dominance, entropy, gini
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.timeline import Seconds, total


@dataclass(frozen=True, slots=True)
class MeetingStatistics:
    """The statistics of one meeting; None if a value is unknown or its support is too small.

    speech_s                    time with at least one active speaker
    silence_s, silence_share    duration minus speech, and its share of the duration
    long_pauses                 silences longer than `long_pause`, except before the first and after the last speech
    overlap_s, overlap_share    time with at least two active speakers, and its share of the speech
    speakers                    number of speakers and silent participants
    turns_per_min               turns per minute of the duration (interactivity)
    floor_transfer_s            median floor transfer offset between speakers; also the 10th and 90th percentile
    gini, entropy, dominance    balance of talk time, see `balance`
    turn_source                 "turns" if they come from a diarizer or a file, "words" if they are derived from words
    interruptions_by            "overlap" or "marks"; None if interruptions cannot be detected and are unknown
    lexicon                     language of the stop words and fillers
    turns, words, backchannels  their numbers; `words` never counts characters, unlike `SpeakerStatistics.words`
    interruptions               successful interruptions; `interruption_attempts` also counts the others
    support_s, support_words    amount of speech and number of words
    support_responses           number of floor transfer offsets
    """

    meeting: str
    duration_s: Seconds
    speech_s: Seconds
    silence_s: Seconds
    silence_share: float | None
    long_pauses: int
    overlap_s: Seconds
    overlap_share: float | None
    speakers: int
    turns: int
    turns_per_min: float | None
    words: int
    interruptions: int | None
    interruption_attempts: int | None
    backchannels: int
    floor_transfer_s: Seconds | None
    floor_transfer_p10_s: Seconds | None
    floor_transfer_p90_s: Seconds | None
    gini: float | None
    entropy: float | None
    dominance: float | None
    turn_source: str
    interruptions_by: str | None
    lexicon: str
    support_s: Seconds
    support_words: int
    support_responses: int


def meeting_statistics(analysis: Analysis, settings: AnalyticsSettings) -> MeetingStatistics:
    """Return the statistics of a meeting."""
    meeting, found = analysis.meeting, analysis.interruptions
    speech_time = total(span for spans in analysis.speech.values() for span in spans)
    enough = speech_time >= settings.min_talk
    known = analysis.basis is not None
    times = [total(analysis.speech.get(speaker, ())) for speaker in meeting.speakers]
    return MeetingStatistics(
        meeting=meeting.name,
        **_time(analysis, speech_time, settings),
        speakers=len(meeting.speakers),
        turns=len(analysis.floor.turns),
        turns_per_min=round(60 * len(analysis.floor.turns) / meeting.duration, 3) if enough else None,
        words=len(meeting.words),
        interruptions=sum(each.successful for each in found) if known else None,
        interruption_attempts=len(found) if known else None,
        backchannels=len(analysis.floor.backchannels),
        **_offsets([gap.offset for gap in analysis.gaps if gap.kind != "pause"], settings),
        gini=gini(times) if enough else None,
        entropy=entropy(times) if enough else None,
        dominance=dominance(times) if enough else None,
        turn_source=meeting.turn_source,
        interruptions_by=analysis.basis,
        lexicon=analysis.lexicon.language,
        support_s=round(speech_time, 3),
        support_words=len(meeting.words),
    )


def _time(analysis: Analysis, speech_time: Seconds, settings: AnalyticsSettings) -> dict[str, Any]:
    """Return the values computed from intervals."""
    duration, overlap = analysis.meeting.duration, overlap_time(analysis.regions)
    silence = max(0.0, duration - speech_time)
    return {
        "duration_s": round(duration, 3),
        "speech_s": round(speech_time, 3),
        "silence_s": round(silence, 3),
        "silence_share": ratio(silence, duration),
        "long_pauses": len(pauses(analysis.speech, settings.long_pause)),
        "overlap_s": round(overlap, 3),
        "overlap_share": ratio(overlap, speech_time) if speech_time >= settings.min_talk else None,
    }


def _offsets(offsets: Sequence[Seconds], settings: AnalyticsSettings) -> dict[str, Any]:
    """Return the median and percentiles of floor transfer offsets."""
    values: list[Seconds | None] = [None, None, None]
    if len(offsets) >= max(2, settings.min_responses):
        tenths = quantiles(offsets, n=10, method="inclusive")
        values = [round(median(offsets), 3), round(tenths[0], 3), round(tenths[-1], 3)]
    names = ("floor_transfer_s", "floor_transfer_p10_s", "floor_transfer_p90_s")
    return dict(zip(names, values, strict=True)) | {"support_responses": len(offsets)}
