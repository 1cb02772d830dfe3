"""Chunks cover all speech and are short enough for the recogniser."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.timeline import Span, total
from meetscribe.vad import VadSettings, make_chunks

speech = st.lists(
    st.tuples(st.floats(0, 300), st.floats(0, 80)).map(lambda pair: Span(pair[0], pair[0] + pair[1])),
    max_size=30,
)
vad_settings = st.builds(VadSettings, max_chunk=st.floats(2, 30), merge_gap=st.floats(0, 40))


@settings(deadline=None)
@given(speech, vad_settings)
def test_chunks_are_in_order_short_and_disjoint(spans: list[Span], settings_: VadSettings) -> None:
    """None is empty or longer than allowed."""
    chunks = make_chunks(spans, settings_)
    assert all(before.end <= after.start for before, after in pairwise(chunks))
    assert all(0 < chunk.duration <= settings_.max_chunk + 1e-6 for chunk in chunks)


@settings(deadline=None)
@given(speech, vad_settings)
def test_chunks_cover_all_speech(spans: list[Span], settings_: VadSettings) -> None:
    """A chunk begins and ends with speech."""
    chunks = make_chunks(spans, settings_)
    assert total([*chunks, *spans]) == pytest.approx(total(chunks), abs=1e-6)
    edges = {edge for span in spans for edge in (span.start, span.end)}
    if all(span.duration <= settings_.max_chunk for span in spans):
        assert all(chunk.start in edges and chunk.end in edges for chunk in chunks)


@settings(deadline=None)
@given(speech, vad_settings)
def test_a_pause_inside_a_chunk_is_short(spans: list[Span], settings_: VadSettings) -> None:
    """No chunk contains a pause of merge_gap or more."""
    ends = sorted(span.end for span in spans)
    for chunk in make_chunks(spans, settings_):
        for end in ends:
            following = [span.start for span in spans if span.end > end]
            if chunk.start < end < chunk.end and following and min(following) > end:
                assert min(following) - end < settings_.merge_gap + 1e-9


@settings(deadline=None)
@given(speech, vad_settings)
def test_chunks_are_short_only_if_necessary(spans: list[Span], settings_: VadSettings) -> None:
    """After a chunk shorter than half of the maximum there is a long pause, or the next chunk does not fit."""
    chunks = make_chunks(spans, settings_)
    for before, after in pairwise(chunks):
        if before.duration < 0.5 * settings_.max_chunk - 1e-6 and after.start - before.end < settings_.merge_gap:
            assert after.end - before.start > settings_.max_chunk - 1e-6


def test_speech_is_merged_across_short_pauses() -> None:
    """Up to the maximum length of a chunk."""
    spans = [Span(0, 10), Span(11, 20), Span(22, 28), Span(28.5, 40)]
    assert make_chunks(spans, VadSettings(merge_gap=3)) == (Span(0, 20), Span(22, 40))
    assert make_chunks(spans, VadSettings(merge_gap=1)) == (Span(0, 10), Span(11, 20), Span(22, 40))
    assert make_chunks(spans, VadSettings(merge_gap=0)) == tuple(spans)
    assert make_chunks([], VadSettings()) == ()


def test_a_chunk_ends_at_the_longest_pause() -> None:
    """Among the pauses in its second half, even if more speech would fit; among equal ones at the last."""
    spans = [Span(0, 4), Span(5.9, 16), Span(17, 20), Span(20.4, 28), Span(28.4, 50)]
    assert make_chunks(spans, VadSettings()) == (Span(0, 16), Span(17, 28), Span(28.4, 50))
    equal = [Span(start, start + 5) for start in range(0, 60, 6)]
    assert make_chunks(equal, VadSettings(max_chunk=20))[0] == Span(0, 17)


def test_a_chunk_may_end_between_adjacent_spans() -> None:
    """The detector has split them at a pause."""
    assert make_chunks([Span(0, 20), Span(20, 45)], VadSettings()) == (Span(0, 20), Span(20, 45))


@pytest.mark.parametrize(
    "wrong", [{"threshold": 1.5}, {"pad": -1}, {"max_chunk": 45.0}, {"merge_gap": float("nan")}, {"pad": 9.0}]
)
def test_settings_out_of_range(wrong: dict[str, float]) -> None:
    """The error names the setting."""
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        VadSettings(**wrong)
