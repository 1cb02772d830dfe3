"""Long windows are cut between two words, and every cut makes progress."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.live.commit.cut_points import cut_at_committed, cut_full_window
from meetscribe.live.protocols import Hypothesis
from meetscribe.timeline import Span
from meetscribe.transcript import Word


def test_the_cut_lies_in_the_longest_pause_or_after_a_sentence() -> None:
    words = [Word("One", 1.0, 1.4), Word("two.", 1.5, 1.9), Word("Three", 2.0, 2.3), Word("four", 3.2, 3.5)]
    assert cut_at_committed(words, (), 0.0) == 2.75
    assert cut_at_committed(words[:3], (), 0.0) == 1.95
    assert cut_at_committed(words[2:3], (), 0.0) == 2.3
    assert cut_at_committed((), words, 0.0) is None


@given(st.floats(0, 100), st.lists(st.floats(0, 27), max_size=20))
def test_a_full_window_is_always_cut_after_its_start(start: float, times: list[float]) -> None:
    """Also if nothing was recognised in it."""
    words = tuple(Word("w", start + time, start + time + 0.3) for time in sorted(times))
    at = cut_full_window(Hypothesis(words, Span(start, start + 28)), start)
    assert start + 0.9 <= at <= start + 27.01
