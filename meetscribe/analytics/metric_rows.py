"""The metrics of speakers and meetings in long form: one row per metric, with its support and trust."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from meetscribe.analytics.metrics import MEETING_METRICS, SPEAKER_METRICS, Metric, trust_of
from meetscribe.analytics.overall import MeetingStatistics
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.analytics.speakers import SpeakerStatistics


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric of a speaker, or of the meeting if `speaker` is None.

    `support` is the amount of data behind the value, in `support_unit`; below `minimum`, the value is unknown, except
    the articulation rate, which needs only half of `minimum`, but without pauses. `trust` is the reliability with turns
    from a diarizer, "high" or "low", or None if it was not measured.
    """

    meeting: str
    speaker: str | None
    metric: str
    value: float | None
    unit: str
    support: float
    support_unit: str
    minimum: float | None
    trust: str | None


def metric_rows(
    meetings: Sequence[MeetingStatistics], speakers: Sequence[SpeakerStatistics], settings: AnalyticsSettings
) -> Iterator[MetricRow]:
    """Yield the metrics of each meeting, then those of each speaker."""
    for meeting in meetings:
        yield from _rows(meeting, None, MEETING_METRICS, "meeting", settings)
    for speaker in speakers:
        yield from _rows(speaker, speaker.speaker, SPEAKER_METRICS, "speakers", settings)


def _rows(
    row: MeetingStatistics | SpeakerStatistics,
    speaker: str | None,
    metrics: Mapping[str, Metric],
    table: str,
    settings: AnalyticsSettings,
) -> Iterator[MetricRow]:
    """Yield the metrics of one row of a table."""
    supports = {"seconds": row.support_s, "words": row.support_words, "responses": row.support_responses}
    for metric in metrics.values():
        value = getattr(row, metric.name)
        minimum = getattr(settings, metric.minimum) if metric.minimum else None
        yield MetricRow(
            row.meeting,
            speaker,
            metric.name,
            None if value is None else float(value),
            metric.unit,
            float(supports[metric.support]),
            metric.support,
            None if minimum is None else float(minimum),
            trust_of(metric.name, table),
        )
