"""Aligned words do not overlap."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.alignment.word_times import without_alignment, without_overlaps
from meetscribe.transcript import Word

times = st.tuples(st.floats(0, 50), st.floats(0, 5)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(times, min_size=1, max_size=10))
def test_words_of_a_segment_are_cut_to_be_in_order(spans: list[tuple[float, float]]) -> None:
    """They do not overlap, stay within the time they covered, and are unchanged if they were in order."""
    words = [Word("a", start, end) for start, end in spans]
    ordered = without_overlaps(words)
    assert all(before.end <= after.start for before, after in pairwise(ordered))
    assert min(word.start for word in words) <= ordered[0].start
    assert ordered[-1].end <= max(word.end for word in words)
    assert without_overlaps(ordered) == ordered


def test_words_that_could_not_be_aligned_keep_their_times() -> None:
    """Times of an earlier alignment become interpolated ones; those of the engine remain."""
    words = (Word("abc", 3.0, 3.02, "aligned", 0.9), Word("ab", 3.02, 3.04, "engine"))
    kept = without_alignment(words)
    assert [(word.timing, word.score) for word in kept] == [("interpolated", None), ("engine", None)]
    assert [word.span for word in kept] == [word.span for word in words]
