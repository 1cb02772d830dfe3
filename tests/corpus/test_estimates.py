"""Progress and the time left."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.corpus import Event, estimates
from meetscribe.corpus.estimates import ProgressEstimate, format_position, format_times

RECORDING, OTHER = Path("meeting.wav"), Path("other.wav")


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.now = 1000.0
    monkeypatch.setattr(estimates, "time", clock)
    return clock


def stage(name: str, done: float, duration: float | None = None) -> Event:
    return Event("stage", RECORDING, name, done, duration)


def test_recordings_are_weighted_by_size(clock: Clock) -> None:
    """The share of a batch is that of its bytes; what was skipped does not count."""
    estimate = ProgressEstimate({RECORDING: 3, OTHER: 1, Path("skipped.wav"): 100})
    estimate.update(Event("skip", Path("skipped.wav")))
    estimate.update(Event("end", RECORDING, status="done"))
    assert (estimate.share, estimate.ended) == (0.75, 2)
    estimate.update(Event("end", OTHER))  # interrupted
    assert (estimate.share, estimate.ended) == (0.75, 2)


def test_cached_stages_do_not_count_as_fast(clock: Clock) -> None:
    """The time left is estimated from what was computed, not from results of earlier runs."""
    cached, fresh = ProgressEstimate({RECORDING: 1}), ProgressEstimate({RECORDING: 1})
    for name in ("speech", "segmentation", "transcription"):
        cached.update(stage(name, 1.0))
    cached.update(stage("alignment", 0.0))
    fresh.update(stage("speech", 0.0))
    clock.now += 100
    cached.update(stage("alignment", 0.5))
    fresh.update(stage("transcription", 0.5))
    assert cached.remaining == pytest.approx(100 * 0.35 / 0.05)
    assert fresh.remaining == pytest.approx(100 * 0.625 / 0.375)


def test_the_time_left_may_be_unknown(clock: Clock) -> None:
    """It is unknown before anything is computed, and where stages are repeated."""
    estimate = ProgressEstimate({RECORDING: 1}, started=clock.now)
    assert not estimate.is_working
    estimate.update(stage("weights", 0.5))
    assert estimate.remaining is None and not estimate.is_working
    estimate.update(stage("transcription", 0.0))
    clock.now += 60
    estimate.update(stage("transcription", 0.5))
    assert estimate.is_working
    assert format_times(estimate) == "0:01:00 elapsed, about 0:01:40 left"
    estimate.is_predictable = False
    assert format_times(estimate) == "0:01:00 elapsed"


def test_the_time_left_is_not_shown_before_it_is_plausible(clock: Clock) -> None:
    """Loading the models takes most of the time of a short recording, and is not multiplied."""
    short, long = ProgressEstimate({RECORDING: 1}), ProgressEstimate({RECORDING: 1})
    for estimate, duration in ((short, 11.0), (long, 3600.0)):
        estimate.update(stage("speech", 0.0, duration))
    clock.now += 10
    for name, done in (("speech", 0.5), ("segmentation", 0.3), ("transcription", 0.0)):
        short.update(stage(name, done, 11.0))
        assert short.remaining is None
    short.update(stage("transcription", 0.5, 11.0))
    assert short.remaining == pytest.approx(10 * 0.625 / 0.375)
    long.update(stage("speech", 0.5, 3600.0))
    assert long.remaining is not None


def test_the_time_left_of_a_batch_is_shown_once_a_recording_has_ended(clock: Clock) -> None:
    estimate = ProgressEstimate({Path(f"{number}.wav"): 1 for number in range(51)})
    estimate.update(Event("skip", Path("50.wav")))
    estimate.update(Event("stage", Path("0.wav"), "transcription", 0.9, 11.0))
    clock.now += 10
    assert estimate.remaining is None, "the models may account for most of the time"
    estimate.update(Event("end", Path("0.wav"), status="done"))
    assert estimate.remaining == pytest.approx(490)


def test_a_position_is_a_time_if_the_duration_is_known() -> None:
    """Otherwise it is a percentage."""
    assert format_position(stage("audio", 0.25, 3600.0)) == "0:15:00 of 1:00:00"
    assert format_position(stage("audio", 0.25)) == "25%"
