"""Words that were not found lie between those that were."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.alignment.interpolation import fill
from meetscribe.timeline import Span

TEXTS = ["a", "mean", "10", "—"]


def test_missing_words_share_the_gap() -> None:
    """They share it by their letters, and take the ends where they have one neighbour."""
    found = [None, Span(2, 3), None, None, Span(5, 6), None]
    filled = fill(found, ["10", "per", "c", "ent", "is", "20"], Span(1, 8))
    assert filled == [Span(1, 2), Span(2, 3), Span(3, 3.5), Span(3.5, 5), Span(5, 6), Span(6, 8)]


def test_no_gap_is_no_time() -> None:
    """Between words that touch a missing one has no length."""
    assert fill([Span(1, 2), None, Span(2, 3)], ["a", "-", "b"], Span(1, 3))[1] == Span(2, 2)


@st.composite
def found_words(draw: st.DrawFn) -> tuple[list[Span | None], Span]:
    """Words in order, some of them missing, and what they lie in."""
    edges = sorted(draw(st.lists(st.floats(0, 100), min_size=4, max_size=20)))
    spans = [Span(*pair) for pair in zip(edges[1:-1:2], edges[2:-1:2], strict=False)]
    return [draw(st.sampled_from([span, None])) for span in spans], Span(edges[0], edges[-1])


@settings(deadline=None)
@given(found_words())
def test_words_stay_in_order(case: tuple[list[Span | None], Span]) -> None:
    """Found words keep their place, all words follow one another, inside what they lie in."""
    found, within = case
    filled = fill(found, [TEXTS[place % len(TEXTS)] for place in range(len(found))], within)
    assert len(filled) == len(found)
    assert all(before is None or before == after for before, after in zip(found, filled, strict=True))
    assert all(before.end <= after.start for before, after in pairwise(filled))
    assert all(within.start <= span.start and span.end <= within.end for span in filled)
