"""Words that were not aligned are placed between those that were."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.alignment.interpolation import interpolate
from meetscribe.timeline import Span

TEXTS = ["a", "mean", "10", "—"]


def test_missing_words_share_the_gap() -> None:
    """Gaps are divided by number of letters; at the ends they are bounded by `within`."""
    found = [None, Span(2, 3), None, None, Span(5, 6), None]
    complete = interpolate(found, ["10", "per", "c", "ent", "is", "20"], Span(1, 8))
    assert complete == [Span(1, 2), Span(2, 3), Span(3, 3.5), Span(3.5, 5), Span(5, 6), Span(6, 8)]


def test_without_a_gap_a_word_has_no_duration() -> None:
    """A missing word between adjacent words has a duration of 0."""
    assert interpolate([Span(1, 2), None, Span(2, 3)], ["a", "-", "b"], Span(1, 3))[1] == Span(2, 2)


@st.composite
def partial_spans(draw: st.DrawFn) -> tuple[list[Span | None], Span]:
    """Return spans in order, some of them missing, and bounds."""
    edges = sorted(draw(st.lists(st.floats(0, 100), min_size=4, max_size=20)))
    spans = [Span(*pair) for pair in zip(edges[1:-1:2], edges[2:-1:2], strict=False)]
    return [draw(st.sampled_from([span, None])) for span in spans], Span(edges[0], edges[-1])


@settings(deadline=None)
@given(partial_spans())
def test_words_are_in_order(case: tuple[list[Span | None], Span]) -> None:
    """Known spans are unchanged; all spans are in order and within the bounds."""
    found, within = case
    complete = interpolate(found, [TEXTS[place % len(TEXTS)] for place in range(len(found))], within)
    assert len(complete) == len(found)
    assert all(before is None or before == after for before, after in zip(found, complete, strict=True))
    assert all(before.end <= after.start for before, after in pairwise(complete))
    assert all(within.start <= span.start and span.end <= within.end for span in complete)
