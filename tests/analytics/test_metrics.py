"""The tables of metrics name fields that exist, and the measured errors name metrics that exist."""

from __future__ import annotations

from dataclasses import fields

from meetscribe.analytics import AnalyticsSettings, MeetingStatistics, SpeakerStatistics
from meetscribe.analytics.metrics import MEETING_METRICS, SPEAKER_METRICS, measured_errors, trust_of

TABLES = {"speaker": (SPEAKER_METRICS, SpeakerStatistics), "meeting": (MEETING_METRICS, MeetingStatistics)}


def test_metrics_are_fields() -> None:
    """Every metric is a field of its row, and every minimum is a setting."""
    thresholds = {field.name for field in fields(AnalyticsSettings)}
    for metrics, row in TABLES.values():
        assert set(metrics) <= {field.name for field in fields(row)}
        assert {metric.minimum for metric in metrics.values()} - {None} <= thresholds


def test_measured_errors_are_of_metrics() -> None:
    """The file that the benchmark wrote has a verdict for each metric that it names."""
    errors = measured_errors()
    for level, own in errors.items():
        assert set(own) <= set(TABLES[level][0])
        assert {row["trust"] for row in own.values()} <= {"high", "low"}


def test_an_unmeasured_metric_has_no_trust() -> None:
    """A metric that is not in the file is neither high nor low."""
    assert trust_of("no such metric") is None
