"""How far off the times of words are."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.evaluation import Offsets, WordBoundaryError, WordDetection, word_boundary_error, words_found
from meetscribe.transcript import Word

offsets = st.lists(st.integers(-500, 500), max_size=20).map(lambda found: Offsets(tuple(found)))
some_offsets = offsets.filter(len)


@st.composite
def spoken(draw: st.DrawFn) -> list[Word]:
    texts = draw(st.lists(st.sampled_from(["So,", "it", "goes.", "On!"]), max_size=8))
    return [Word(text, index, index + draw(st.floats(0, 1))) for index, text in enumerate(texts)]


@given(spoken())
def test_a_transcript_is_not_off_from_itself(words: list[Word]) -> None:
    same = word_boundary_error(words, words)
    assert same.starts == same.ends == Offsets((0,) * len(words))
    assert same.words == len(words)


@given(spoken(), st.integers(0, 400))
def test_words_all_late_by_the_same_are_off_by_that(words: list[Word], late: int) -> None:
    moved = [Word(word.text.lower(), word.start + late / 1000, word.end + late / 1000) for word in words]
    found = word_boundary_error(words, moved)
    assert found.boundaries.milliseconds == (late,) * (2 * len(words))
    assert word_boundary_error(moved, words).boundaries.milliseconds == (-late,) * (2 * len(words))


def test_only_words_in_both_are_compared_whatever_their_case_and_punctuation() -> None:
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


def test_statistics_are_of_distances_in_seconds_and_the_bias_keeps_the_sign() -> None:
    found = Offsets((-200, 0, 10, 50, 100, 100, 100, 100, 100, 1000))
    assert found.bias == pytest.approx(0.136)
    assert found.mean == pytest.approx(0.176)
    assert found.median == pytest.approx(0.1)
    assert found.p90 == pytest.approx(0.2)
    assert found.share_within(0.05) == 0.3
    assert found.share_within(0.1) == 0.8
    assert found.share_within(0.2) == 0.9


def test_nothing_matched_has_no_statistics() -> None:
    nothing = word_boundary_error([Word("yes", 0, 1)], [Word("no", 0, 1)])
    assert nothing == WordBoundaryError(Offsets(), Offsets(), 1)
    empty = nothing.boundaries
    assert [empty.bias, empty.mean, empty.median, empty.p90, empty.share_within(1.0)] == [None] * 5
    assert str(nothing) == "starts: n/a; ends: n/a; 0/1 words matched"


@given(offsets, offsets)
def test_adding_pools_the_offsets_in_any_order(one: Offsets, other: Offsets) -> None:
    assert one + other == other + one == Offsets(one.milliseconds + other.milliseconds)
    pooled = WordBoundaryError(one, one, 30) + WordBoundaryError(other, other, 40)
    assert pooled == WordBoundaryError(one + other, one + other, 70)
    assert pooled + WordBoundaryError.zero() == pooled


@given(some_offsets)
def test_statistics_agree_with_their_definitions(found: Offsets) -> None:
    distances = sorted(abs(offset) / 1000 for offset in found.milliseconds)
    assert found.mean == pytest.approx(statistics.fmean(distances))
    assert found.median == pytest.approx(statistics.median(distances))
    assert found.p90 is not None
    assert sum(distance <= found.p90 for distance in distances) >= math.ceil(0.9 * len(distances))
    assert sum(distance < found.p90 for distance in distances) < math.ceil(0.9 * len(distances))
    assert found.share_within(0.1) == sum(distance <= 0.1 for distance in distances) / len(distances)


@given(spoken(), spoken())
def test_as_many_words_are_found_as_can_be_paired(reference: list[Word], hypothesis: list[Word]) -> None:
    """Against every way to pair equal words that are close."""
    assert words_found(reference, hypothesis, 0.2).hits == most_pairs(reference, hypothesis)


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


def test_words_found_are_equal_and_at_their_place() -> None:
    reference = [Word("So,", 0, 1), Word("it", 1, 2), Word("goes.", 2, 3)]
    hypothesis = [Word("so", 1.1, 1.4), Word("it", 2.3, 2.5), Word("GOES", 2.0, 3.25), Word("on", 4, 5)]
    found = words_found(reference, hypothesis, 0.2)
    assert found == WordDetection(hits=2, words=3, found=4)
    assert found.precision == 0.5
    assert found.recall == pytest.approx(2 / 3)
    assert found.rate == pytest.approx(4 / 7)
    assert found + WordDetection.zero() == found
    assert WordDetection(0, 0, 0).rate is None
    with pytest.raises(ValueError, match="in both"):
        WordDetection(2, 1, 3)


def test_more_words_matched_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="start and an end"):
        WordBoundaryError(Offsets((1, 2)), Offsets((1, 2)), 1)
    with pytest.raises(ValueError, match="start and an end"):
        WordBoundaryError(Offsets((1, 2)), Offsets((1,)), 5)
