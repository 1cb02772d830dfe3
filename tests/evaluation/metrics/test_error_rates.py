"""Error rates can be added, reject impossible counts, and have a readable text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.evaluation import (
    CpErrorRate,
    DiarizationErrorRate,
    ErrorRate,
    JaccardErrorRate,
    Offsets,
    SpeakerCountError,
    TimeShare,
    WordBoundaryError,
    WordDetection,
    WordDiarizationErrorRate,
)

count = st.integers(0, 1000)


@st.composite
def error_rates(draw: st.DrawFn) -> ErrorRate:
    insertions, deletions, substitutions, correct = draw(count), draw(count), draw(count), draw(count)
    errors = insertions + deletions + substitutions
    return ErrorRate(errors, deletions + substitutions + correct, insertions, deletions, substitutions)


@given(error_rates(), error_rates())
def test_the_sum_of_two_rates_has_the_sums_of_their_counts(one: ErrorRate, other: ErrorRate) -> None:
    both = one + other
    assert both.errors == one.errors + other.errors
    assert both.length == one.length + other.length
    assert both.insertions == one.insertions + other.insertions
    assert both.deletions == one.deletions + other.deletions
    assert both.substitutions == one.substitutions + other.substitutions


@given(error_rates())
def test_adding_zero_changes_nothing(rate: ErrorRate) -> None:
    assert sum([rate], ErrorRate.zero()) == rate


def test_the_rate_of_a_sum_is_weighted_by_length() -> None:
    short, long = ErrorRate(1, 1, 0, 1, 0), ErrorRate(0, 99, 0, 0, 0)
    assert (short + long).rate == 0.01


def test_the_rate_of_an_empty_reference_is_unknown_even_with_insertions() -> None:
    assert ErrorRate(3, 0, 3, 0, 0).rate is None
    assert DiarizationErrorRate(0, 5, 0, 0).rate is None
    assert WordDiarizationErrorRate(0, 0).rate is None
    assert JaccardErrorRate().rate is None


def test_the_text_of_a_rate_has_its_counts() -> None:
    assert str(ErrorRate(12, 152, 3, 4, 5)) == "7.9 % (12/152; 3 ins 4 del 5 sub)"
    assert str(CpErrorRate(12, 152, 3, 4, 5, (("A", None),))) == "7.9 % (12/152; 3 ins 4 del 5 sub)"
    assert str(ErrorRate(1, 0, 1, 0, 0)) == "n/a (1/0; 1 ins 0 del 0 sub)"
    assert str(WordDiarizationErrorRate(1, 8)) == "12.5 % (1/8 aligned words)"
    assert str(DiarizationErrorRate(1000, 2000, 3000, 40_000)) == (
        "15.0 % (1.0 miss 2.0 false alarm 3.0 confusion; of 40.0 s)"
    )
    assert str(TimeShare(900, 1000)) == "90.0 % (0.9 of 1.0 s)"
    assert str(WordDetection(1, 2, 4)) == "33.3 % (precision 25.0 %, recall 50.0 %)"
    assert str(JaccardErrorRate(((1, 2), (0, 5)))) == "75.0 % (2 speakers)"


@pytest.mark.parametrize(
    "counts",
    [(1, 9, 0, 0, 0), (0, 9, 1, 0, 0), (-1, 9, -1, 0, 0), (0, -1, 0, 0, 0), (3, 2, 0, 2, 1)],
)
def test_impossible_counts_are_rejected(counts: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="ErrorRate"):
        ErrorRate(*counts)


def test_impossible_word_diarization_counts_are_rejected() -> None:
    for wrong, aligned in ((2, 1), (-1, 1)):
        with pytest.raises(ValueError, match="aligned"):
            WordDiarizationErrorRate(wrong, aligned)


def test_a_sum_of_cpwer_has_no_assignment() -> None:
    rate = CpErrorRate(1, 4, 0, 1, 0, (("A", "1"),))
    assert rate + rate == ErrorRate(2, 8, 0, 2, 0)


@pytest.mark.parametrize(
    "rate",
    [
        ErrorRate(1, 4, 0, 1, 0),
        WordDiarizationErrorRate(1, 3),
        DiarizationErrorRate(1, 2, 3, 10),
        JaccardErrorRate(((1, 2), (0, 5))),
        TimeShare(1, 3),
        SpeakerCountError(1, 0, 1, 2),
        WordDetection(1, 2, 4),
        WordBoundaryError(Offsets((10, -20)), Offsets((0, 0)), 3),
    ],
)
def test_the_rate_is_the_quotient_of_the_fraction_and_fractions_add(rate: Any) -> None:
    part, whole = rate.fraction
    assert rate.rate == pytest.approx(part / whole)
    assert (rate + rate).fraction == (pytest.approx(2 * part), 2 * whole)


def test_impossible_time_shares_and_speaker_counts_are_rejected() -> None:
    with pytest.raises(ValueError, match="part"):
        TimeShare(2, 1)
    with pytest.raises(ValueError, match="wrong"):
        SpeakerCountError(0, 0, 1, 1)


def test_the_other_rates_can_be_added() -> None:
    wrong = WordDiarizationErrorRate(1, 3) + WordDiarizationErrorRate(2, 5)
    assert wrong == WordDiarizationErrorRate(3, 8)
    times = DiarizationErrorRate(1, 2, 3, 10) + DiarizationErrorRate(10, 20, 30, 100)
    assert times == DiarizationErrorRate(11, 22, 33, 110)
    assert (times.miss, times.false_alarm, times.confusion, times.total) == (0.011, 0.022, 0.033, 0.11)
    assert (JaccardErrorRate(((1, 2),)) + JaccardErrorRate(((0, 3), (3, 3)))).rate == 0.5
