"""Chunks are split for the engine, and get the speech activity around them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr.decoding import activity_near, split_long_chunks
from meetscribe.timeline import Span, cut, union

spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 60), st.integers(1, 70))


@given(st.lists(spans, max_size=6))
def test_no_chunk_is_longer_than_a_clip(chunks: list[Span]) -> None:
    """Short chunks are unchanged, and the parts of a long chunk cover it."""
    parts = split_long_chunks(chunks)
    assert all(part.duration <= 30 + 1e-9 for part in parts)
    for chunk in chunks:
        assert cut(union([*parts]), within=chunk) == (chunk,)
        assert chunk.duration > 30 or chunk in parts


@given(st.lists(spans, max_size=8), spans)
def test_speech_activity_near_a_chunk_is_that_of_the_widened_chunk(active: list[Span], chunk: Span) -> None:
    """The binary search finds what cutting all spans finds."""
    activity = union(active)
    wide = Span(chunk.start - 0.5, chunk.end + 0.5)
    assert activity_near(chunk, activity) == cut(activity, within=wide)
