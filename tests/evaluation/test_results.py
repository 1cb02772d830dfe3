"""Results of several recordings: totals, unknown scores, and the comparison of two systems."""

from __future__ import annotations

import pytest

from meetscribe.evaluation import ErrorRate, Results, Scores, TimeShare, UnknownScore


def scores(errors: int | None, correct_ms: int = 500) -> Scores:
    wer = UnknownScore("the hypothesis has no words") if errors is None else ErrorRate(errors, 10, 0, errors, 0)
    return {"wer": wer, "purity": TimeShare(correct_ms, 1000)}


RESULTS = Results({"a": scores(1), "b": scores(None), "c": scores(3)})


def test_metrics_are_those_of_the_recordings() -> None:
    assert RESULTS.metrics == ("wer", "purity")
    assert Results({}).metrics == ()


def test_known_and_unknown_recordings_are_separated() -> None:
    assert list(RESULTS.known("wer")) == ["a", "c"]
    assert RESULTS.unknown("wer") == {"b": "the hypothesis has no words"}
    assert RESULTS.unknown("purity") == {}


def test_the_total_is_weighted_and_leaves_out_unknown_recordings() -> None:
    assert RESULTS.total == {"wer": ErrorRate(4, 20, 0, 4, 0), "purity": TimeShare(1500, 3000)}


def test_the_interval_needs_two_known_recordings() -> None:
    assert RESULTS.interval("wer") is not None
    assert Results({"a": scores(1), "b": scores(None)}).interval("wer") is None


def test_systems_are_compared_on_the_recordings_that_both_know() -> None:
    """Fewer errors are better, and so is more purity."""
    other = Results({"a": scores(2, 600), "b": scores(0, 600), "x": scores(9, 600)})
    words, purity = RESULTS.compare(other, "wer"), RESULTS.compare(other, "purity")
    assert (words.wins, words.losses, words.ties) == (1, 0, 0)
    assert words.difference == pytest.approx(-0.1)
    assert (purity.wins, purity.losses, purity.ties) == (0, 2, 0)
