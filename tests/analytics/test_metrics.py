"""The tables of metrics name fields that exist, and the measured errors name metrics that exist."""

from __future__ import annotations

from dataclasses import fields

from meetscribe.analytics import AnalyticsSettings, MeetingStatistics, SpeakerStatistics, rows
from meetscribe.analytics.metrics import METRICS, measured_errors, trust_of

ROWS = {
    "speakers": SpeakerStatistics,
    "meeting": MeetingStatistics,
    "transitions": rows.TransitionRow,
    "timeline": rows.WindowRow,
    "turns": rows.TurnRow,
    "overlaps": rows.OverlapRow,
    "gaps": rows.GapRow,
    "interruptions": rows.InterruptionRow,
}


def test_metrics_are_fields() -> None:
    """Every metric is a field of its row, and every minimum is a setting."""
    thresholds = {field.name for field in fields(AnalyticsSettings)}
    assert METRICS.keys() == ROWS.keys()
    for table, metrics in METRICS.items():
        assert set(metrics) <= {field.name for field in fields(ROWS[table])}
        assert {metric.minimum for metric in metrics.values()} - {None} <= thresholds


def test_measured_errors_are_of_metrics() -> None:
    """The file that the benchmark wrote has a verdict for each metric."""
    errors = measured_errors()
    assert errors.keys() == METRICS.keys()
    for table, own in errors.items():
        assert own.keys() == METRICS[table].keys()
        assert {row["trust"] for row in own.values()} <= {"high", "low"}


def test_an_unmeasured_metric_has_no_trust() -> None:
    """A metric that is not in the file is neither high nor low."""
    assert trust_of("no such metric") is None
