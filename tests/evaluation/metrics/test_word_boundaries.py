"""Offsets of word times, and detection of words at their time."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import Offsets, WordBoundaryError, WordDetection, word_boundary_error, word_detection
from meetscribe.transcript import Word

offsets = st.lists(st.integers(-500, 500), max_size=20).map(lambda found: Offsets(tuple(found)))
quick = settings(max_examples=50)


@st.composite
def some_words(draw: st.DrawFn) -> list[Word]:
    texts = draw(st.lists(st.sampled_from(["So,", "it", "goes.", "On!"]), max_size=8))
    return [Word(text, index, index + draw(st.floats(0, 1))) for index, text in enumerate(texts)]


@quick
@given(some_words())
def test_a_transcript_has_no_offsets_from_itself(words: list[Word]) -> None:
    same = word_boundary_error(words, words)
    assert same.starts == same.ends == Offsets((0,) * len(words))
    assert same.words == len(words)


@quick
@given(some_words(), st.integers(0, 400))
def test_a_constant_delay_is_the_offset_of_all_boundaries(words: list[Word], late: int) -> None:
    moved = [Word(word.text.lower(), word.start + late / 1000, word.end + late / 1000) for word in words]
    found = word_boundary_error(words, moved)
    assert found.boundaries.milliseconds == (late,) * (2 * len(words))
    assert word_boundary_error(moved, words).boundaries.milliseconds == (-late,) * (2 * len(words))


def test_only_equal_words_are_compared_ignoring_case_and_punctuation() -> None:
    reference = [Word("So,", 0, 1), Word("\u2014", 1, 1), Word("it", 1, 2), Word("goes.", 2, 3)]
    hypothesis = [Word("so", 0.1, 0.9), Word("eats", 1.5, 2.5), Word("GOES", 2.0, 3.25), Word("on", 4, 5)]
    found = word_boundary_error(reference, hypothesis)
    assert found == WordBoundaryError(Offsets((100, 0)), Offsets((-100, 250)), words=3)
    assert found.matched == 2
    assert str(found) == (
        "starts: mean 50 ms, median 50 ms, p90 100 ms, "
        "50.0 % within 50 ms, 100.0 % within 100 ms, 100.0 % within 200 ms; "
        "ends: mean 175 ms, median 175 ms, p90 250 ms, "
        "0.0 % within 50 ms, 50.0 % within 100 ms, 50.0 % within 200 ms; "
        "2/3 words matched"
    )


def test_statistics_are_of_absolute_offsets_and_the_bias_keeps_the_sign() -> None:
    found = Offsets((-200, 0, 10, 50, 100, 100, 100, 100, 100, 1000))
    assert found.bias == pytest.approx(0.136)
    assert found.mean == pytest.approx(0.176)
    assert found.median == pytest.approx(0.1)
    assert found.p90 == pytest.approx(0.2)
    assert found.share_within(0.05) == 0.3
    assert found.share_within(0.1) == 0.8
    assert found.share_within(0.2) == 0.9


def test_without_matched_words_there_are_no_statistics() -> None:
    nothing = word_boundary_error([Word("yes", 0, 1)], [Word("no", 0, 1)])
    assert nothing == WordBoundaryError(Offsets(), Offsets(), 1)
    empty = nothing.boundaries
    assert [empty.bias, empty.mean, empty.median, empty.p90, empty.share_within(1.0)] == [None] * 5
    assert str(nothing) == "starts: n/a; ends: n/a; 0/1 words matched"


@quick
@given(offsets, offsets)
def test_adding_pools_the_offsets_in_any_order(one: Offsets, other: Offsets) -> None:
    assert one + other == other + one == Offsets(one.milliseconds + other.milliseconds)
    pooled = WordBoundaryError(one, one, 30) + WordBoundaryError(other, other, 40)
    assert pooled == WordBoundaryError(one + other, one + other, 70)
    assert pooled + WordBoundaryError.zero() == pooled


@quick
@given(offsets.filter(len))
def test_statistics_agree_with_their_definitions(found: Offsets) -> None:
    distances = sorted(abs(offset) / 1000 for offset in found.milliseconds)
    assert found.mean == pytest.approx(statistics.fmean(distances))
    assert found.median == pytest.approx(statistics.median(distances))
    assert found.p90 is not None
    assert sum(distance <= found.p90 for distance in distances) >= math.ceil(0.9 * len(distances))
    assert sum(distance < found.p90 for distance in distances) < math.ceil(0.9 * len(distances))
    assert found.share_within(0.1) == sum(distance <= 0.1 for distance in distances) / len(distances)


@quick
@given(some_words(), some_words())
def test_the_hits_are_the_most_pairs_of_equal_words(reference: list[Word], hypothesis: list[Word]) -> None:
    """The result equals the maximum over all pairings of equal words close in time."""
    assert word_detection(reference, hypothesis, 0.2).hits == most_pairs(reference, hypothesis)


def most_pairs(reference: list[Word], hypothesis: list[Word]) -> int:
    if not reference:
        return 0
    first, *rest = reference
    best = most_pairs(rest, hypothesis)
    for place, word in enumerate(hypothesis):
        same = word.text.lower().strip(",.!") == first.text.lower().strip(",.!")
        if same and word.start - first.end < 0.2 and first.start - word.end < 0.2:
            best = max(best, 1 + most_pairs(rest, hypothesis[:place] + hypothesis[place + 1 :]))
    return best


def test_hits_are_equal_words_close_in_time() -> None:
    reference = [Word("So,", 0, 1), Word("it", 1, 2), Word("goes.", 2, 3)]
    hypothesis = [Word("so", 1.1, 1.4), Word("it", 2.3, 2.5), Word("GOES", 2.0, 3.25), Word("on", 4, 5)]
    found = word_detection(reference, hypothesis, 0.2)
    assert found == WordDetection(hits=2, words=3, found=4)
    assert found.precision == 0.5
    assert found.recall == pytest.approx(2 / 3)
    assert found.rate == pytest.approx(4 / 7)
    assert found + WordDetection.zero() == found
    assert WordDetection(0, 0, 0).rate is None
    with pytest.raises(ValueError, match="more hits than words"):
        WordDetection(2, 1, 3)


def test_impossible_numbers_of_matched_words_are_rejected() -> None:
    with pytest.raises(ValueError, match="start and an end"):
        WordBoundaryError(Offsets((1, 2)), Offsets((1, 2)), 1)
    with pytest.raises(ValueError, match="start and an end"):
        WordBoundaryError(Offsets((1, 2)), Offsets((1,)), 5)
