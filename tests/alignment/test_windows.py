"""What is aligned in one go, and where its sound is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.alignment.windows import cut_stretches
from meetscribe.alignment.word_times import in_order
from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Span
from meetscribe.transcript import Meta, Segment, Transcript, Word


def transcript(*spans: tuple[float, float]) -> Transcript:
    """A segment of one word for each span."""
    return Transcript(tuple(Segment((Word("a", start, end),)) for start, end in spans), Meta("en", 100))


def clips(*spans: tuple[float, float], duration: float = 100.0) -> list[Span]:
    """Where each segment's words may lie."""
    return [stretch.clip for stretch in cut_stretches(transcript(*spans), duration, 0.2)]


def test_a_clip_reaches_halfway_to_its_neighbours_in_time() -> None:
    """At most 0.2 s, wherever the neighbours stand in the transcript; segments that overlap do not cut each other."""
    assert clips((1, 2), (2.2, 3), (9, 10)) == [Span(0.8, 2.1), Span(2.1, 3.2), Span(8.8, 10.2)]
    assert clips((2.2, 3), (9, 10), (1, 2))[0] == Span(2.1, 3.2)
    assert clips((1, 5), (2, 3)) == [Span(0.8, 5.2), Span(1.8, 3.2)]
    assert clips((1, 2), (1, 2)) == [Span(0.8, 2.2)] * 2
    assert clips((1, 2), (2, 3)) == [Span(0.8, 2.0), Span(2.0, 3.2)]


def test_a_clip_lies_in_the_recording() -> None:
    """On whole samples; beyond the end it is empty."""
    assert clips((0, 1), (9.9, 10), (30, 31), duration=10) == [Span(0, 1.2), Span(9.7, 10), Span(10, 10)]
    (clip,) = clips((0.12345, 1))
    assert clip.start * SAMPLE_RATE == pytest.approx(round(clip.start * SAMPLE_RATE))


def test_a_stretch_is_of_one_language() -> None:
    """Words know their place in the segment, and may lie a little in their neighbours'."""
    words = (Word("a", 1, 2), Word("b", 2, 3, language="de"), Word("c", 3, 4, language="de"), Word("d", 4, 5))
    stretches = cut_stretches(Transcript((Segment(words),), Meta("en", 100)), 100.0, 0.2)
    assert [(each.language, each.first, each.texts) for each in stretches] == [
        ("en", 0, ["a"]),
        ("de", 1, ["b", "c"]),
        ("en", 3, ["d"]),
    ]
    assert [each.clip for each in stretches] == [Span(0.8, 2.2), Span(1.8, 4.2), Span(3.8, 5.2)]


times = st.tuples(st.floats(0, 50), st.floats(0, 5)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(times, min_size=1, max_size=10))
def test_words_of_a_segment_are_put_in_order(spans: list[tuple[float, float]]) -> None:
    """They follow one another, lie in what they covered, and stay as they are if they were in order."""
    words = [Word("a", start, end) for start, end in spans]
    ordered = in_order(words)
    assert all(before.end <= after.start for before, after in zip(ordered, ordered[1:], strict=False))
    assert min(word.start for word in words) <= ordered[0].start
    assert ordered[-1].end <= max(word.end for word in words)
    assert in_order(ordered) == ordered
