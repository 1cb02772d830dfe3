"""Distances and overlaps agree with a naive implementation over milliseconds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.attribution.speech_time import Coverage, exclusive_coverages, overlapped_speech
from meetscribe.timeline import Span
from tests.attribution.strategies import intervals, times


def milliseconds(spans: list[tuple[float, float]]) -> set[int]:
    """Return every millisecond covered by the spans."""
    return {t for start, end in spans for t in range(round(start * 1000), round(end * 1000))}


@given(st.lists(intervals(), max_size=8), times)
def test_depth_is_the_signed_distance_to_the_nearest_edge(spans: list[tuple[float, float]], time: float) -> None:
    at = round(time * 1000)
    covered = milliseconds(spans)
    edges = [t for t in range(-1, 7000) if ((t in covered) != (t - 1 in covered))]
    expected = min((abs(at - edge) for edge in edges), default=None)
    depth = int(Coverage.of(Span(*span) for span in spans).depth(np.array([at]))[0])
    assert depth < -1_000_000 if expected is None else depth == (expected if at in covered else -expected)


@given(st.lists(st.lists(intervals(), max_size=4), max_size=3))
def test_overlapped_speech_is_covered_at_least_twice(speakers: list[list[tuple[float, float]]]) -> None:
    found = overlapped_speech([Coverage.of(Span(*span) for span in spans) for spans in speakers])
    covered = [milliseconds(spans) for spans in speakers]
    expected = {t for own in covered for t in own if sum(t in other for other in covered) >= 2}
    assert {t for s, e in zip(found.starts.tolist(), found.ends.tolist(), strict=True) for t in range(s, e)} == expected


@given(st.lists(st.lists(intervals(), max_size=4), max_size=4))
def test_exclusive_time_is_covered_by_one_speaker_only(speakers: list[list[tuple[float, float]]]) -> None:
    found = exclusive_coverages([Coverage.of(Span(*span) for span in spans) for spans in speakers])
    covered = [milliseconds(spans) for spans in speakers]
    for i, own in enumerate(found):
        others = set().union(*covered[:i], *covered[i + 1 :])
        alone = {t for s, e in zip(own.starts.tolist(), own.ends.tolist(), strict=True) for t in range(s, e)}
        assert alone == covered[i] - others
