from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.timeline import (
    Diarization,
    Span,
    Turn,
    cut,
    intersection,
    merge_turns,
    overlap,
    overlapping,
    total,
    union,
)

# Whole seconds, so that counting second by second is exact.
whole_spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: Span(min(pair), max(pair)))
lists = st.lists(whole_spans, max_size=8)


def seconds_of(*spans: Span) -> set[int]:
    """Return the whole seconds that the spans cover: the naive implementation."""
    return {second for span in spans for second in range(int(span.start), int(span.end))}


@given(whole_spans, whole_spans)
def test_overlap_and_gap_of_two(one: Span, other: Span) -> None:
    """Overlap is the shared time; there is a gap only if nothing is shared; both are symmetric."""
    assert one.overlap(other) == other.overlap(one) == len(seconds_of(one) & seconds_of(other))
    assert one.gap(other) == other.gap(one) == max(0, other.start - one.end, one.start - other.end)
    assert not (one.overlap(other) and one.gap(other))


@given(lists)
def test_union_covers_the_same_seconds(spans: list[Span]) -> None:
    """The union covers the same time as the spans, in order and with a pause between any two."""
    joined = union(spans)
    assert seconds_of(*joined) == seconds_of(*spans)
    assert all(left.end < right.start for left, right in zip(joined, joined[1:], strict=False))
    assert all(span.duration > 0 for span in joined)


@given(lists, st.integers(0, 6))
def test_union_fills_short_pauses(spans: list[Span], max_gap: int) -> None:
    """Exactly the pauses shorter than max_gap are filled."""
    apart = union(spans)
    short = [
        Span(left.end, right.start)
        for left, right in zip(apart, apart[1:], strict=False)
        if right.start - left.end < max_gap
    ]
    assert seconds_of(*union(spans, max_gap)) == seconds_of(*apart, *short)


@given(lists, whole_spans)
def test_total_overlap_and_cut(spans: list[Span], window: Span) -> None:
    """Shared time counts once, and `cut` keeps exactly the time inside the window."""
    assert total(spans) == len(seconds_of(*spans))
    assert overlap(window, spans) == len(seconds_of(window) & seconds_of(*spans))
    assert seconds_of(*cut(spans, window)) == seconds_of(window) & seconds_of(*spans)
    assert all(window.start <= span.start < span.end <= window.end for span in cut(spans, window))


@pytest.mark.parametrize("start", [0.0, 0.063, 1.1, 4.6, 59.7, 3599.3, 7200.9])
def test_a_pause_of_max_gap_is_kept_anywhere(start: float) -> None:
    """A pause of exactly max_gap is kept and one of a millisecond less is filled, despite rounding of floats."""
    assert len(union([Span(start - 1, start), Span(start + 0.5, start + 1)], 0.5)) == 2
    assert len(union([Span(start - 1, start), Span(start + 0.499, start + 1)], 0.5)) == 1


@pytest.mark.parametrize(("start", "end"), [(2, 1), (math.nan, 1), (0, math.nan)])
def test_a_reversed_span_is_refused(start: float, end: float) -> None:
    """A span must not end before it starts or at NaN."""
    with pytest.raises(ValueError, match="must not end before it starts"):
        Span(start, end)


@pytest.mark.parametrize(
    ("start", "end", "speaker"),
    [(2, 1, "A"), (-0.1, 1, "A"), (0, math.inf, "A"), (math.nan, 1, "A"), (0, 1, "")],
)
def test_an_impossible_turn_is_refused(start: float, end: float, speaker: str) -> None:
    """A turn has finite times from 0 on, in order, and a speaker."""
    with pytest.raises(ValueError, match="must"):
        Turn(start, end, speaker)


def test_turn_times_are_milliseconds() -> None:
    """Times are floats rounded to the millisecond; less than half a millisecond below zero is zero."""
    turn = Turn(-0.0001, float(np.float32(1.23456)), "A")
    assert (turn.start, turn.end) == (0.0, 1.235)
    assert math.copysign(1, turn.start) == 1
    assert type(Turn(0, np.float64(2), "A").end) is float
    assert turn.span == Span(0.0, 1.235)
    assert turn.duration == 1.235


@given(st.lists(lists, max_size=4))
def test_overlapping_time_is_in_two_tracks(tracks: list[list[Span]]) -> None:
    """It is the seconds that at least two tracks cover; an intersection those that both lists cover."""
    covered = [seconds_of(*track) for track in tracks]
    shared = overlapping(tracks)
    assert seconds_of(*shared) == {one for own in covered for one in own if sum(one in each for each in covered) > 1}
    assert shared == union(shared)
    for track, own in zip(tracks, covered, strict=True):
        assert seconds_of(*intersection(union(track), shared)) == own & seconds_of(*shared)


@given(st.lists(st.from_type(Turn), max_size=6), st.floats(0, 5))
def test_merging_turns_is_the_union_of_each_speaker(turns: list[Turn], max_gap: float) -> None:
    """Merged turns are the union of each speaker's turns, in order of time."""
    merged = merge_turns(turns, max_gap)
    assert list(merged) == sorted(merged)
    for speaker in {turn.speaker for turn in turns}:
        own = union([turn.span for turn in turns if turn.speaker == speaker], max_gap)
        assert tuple(turn.span for turn in merged if turn.speaker == speaker) == own


def test_diarization_is_in_order_and_comparable() -> None:
    """Turns are in order of time, speakers in order of first appearance, and diarizations can be compared."""
    late, early = Turn(3, 4, "A"), Turn(0, 1, "B")
    voiceprints = {"A": np.ones(3, dtype=np.float32)}
    diarization = Diarization((late, early), (late, early), voiceprints, embedder="test")
    assert diarization.turns == diarization.exclusive == (early, late)
    assert diarization.speakers == ("B", "A")
    assert diarization == Diarization((early, late), (early, late), embedder="test")
    voiceprints.clear()
    assert set(diarization.voiceprints) == {"A"}
