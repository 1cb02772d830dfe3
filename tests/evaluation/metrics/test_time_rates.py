"""Rates of speaker time and speaker counts: sums, readable texts, and impossible values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.evaluation import DiarizationErrorRate, JaccardErrorRate, SpeakerCountError, TimeShare

ms = st.integers(0, 10**6)
diarization_rates = st.builds(
    lambda miss, false, confusion, right: DiarizationErrorRate(miss, false, confusion, miss + confusion + right),
    *(ms, ms, ms, ms),
)
shares = st.tuples(ms, ms.filter(bool)).map(lambda pair: (min(pair), max(pair)))
jaccard_rates = st.lists(shares, max_size=4).map(lambda found: JaccardErrorRate(tuple(found)))
time_shares = st.tuples(ms, ms).map(lambda pair: TimeShare(min(pair), max(pair)))
rates = st.one_of(*(st.tuples(kind, kind, kind) for kind in (diarization_rates, jaccard_rates, time_shares)))


@given(rates)
def test_addition_is_associative_and_zero_is_neutral(three: tuple[Any, Any, Any]) -> None:
    one, two, three_ = three
    assert (one + two) + three_ == one + (two + three_)
    assert one + type(one).zero() == type(one).zero() + one == one


@given(st.lists(diarization_rates, min_size=1, max_size=4))
def test_the_rate_of_a_sum_is_weighted_by_time(found: list[DiarizationErrorRate]) -> None:
    both = sum(found, DiarizationErrorRate.zero())
    errors = sum(rate.miss + rate.false_alarm + rate.confusion for rate in found)
    total = sum(rate.total for rate in found)
    assert both.rate == (pytest.approx(errors / total) if total else None)


def test_times_are_in_seconds() -> None:
    rate = DiarizationErrorRate(1000, 2500, 10, 9000)
    assert (rate.miss, rate.false_alarm, rate.confusion, rate.total) == (1.0, 2.5, 0.01, 9.0)


def test_speakers_have_the_same_weight() -> None:
    """A speaker of a second counts as much as one of an hour."""
    assert JaccardErrorRate(((0, 1000), (3_600_000, 3_600_000))).rate == 0.5
    assert JaccardErrorRate().rate is None


def test_the_difference_in_speakers_is_a_mean_over_recordings() -> None:
    found = SpeakerCountError(2, 0, 1, 1) + SpeakerCountError(0, 1, 1, 1) + SpeakerCountError(0, 0, 0, 1)
    assert (found.rate, str(found)) == (1.0, "2 too many 1 too few; 1/3 recordings right")
    assert SpeakerCountError.zero().rate is None


@pytest.mark.parametrize("times", [(-1, 0, 0, 5), (0, -1, 0, 5), (0, 0, -1, 5), (3, 0, 3, 5)])
def test_impossible_times_are_rejected(times: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="time"):
        DiarizationErrorRate(*times)


@pytest.mark.parametrize("share", [(2, 1), (-1, 1), (0, 0)])
def test_impossible_jaccard_times_are_rejected(share: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="shared"):
        JaccardErrorRate((share,))


@pytest.mark.parametrize("share", [(2, 1), (-1, 1)])
def test_a_part_greater_than_the_whole_is_rejected(share: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="between 0 and the whole"):
        TimeShare(*share)


@pytest.mark.parametrize("counts", [(0, 0, 1, 1), (2, 0, 2, 1), (1, 0, -1, 1)])
def test_impossible_numbers_of_speakers_are_rejected(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="at least one surplus or missing speaker"):
        SpeakerCountError(*counts)
