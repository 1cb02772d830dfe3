"""Alignment windows contain words of one language and the clip in which to look for them."""

from __future__ import annotations

import pytest

from meetscribe.alignment.windows import make_windows
from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Span
from meetscribe.transcript import Meta, Segment, Transcript, Word


def transcript(*spans: tuple[float, float]) -> Transcript:
    """Return a segment of one word for each span."""
    return Transcript(tuple(Segment((Word("a", start, end),)) for start, end in spans), Meta("en", 100))


def clips(*spans: tuple[float, float], duration: float = 100.0) -> list[Span]:
    """Return the clip of each segment."""
    return [window.clip for window in make_windows(transcript(*spans), duration, 0.2)]


def test_a_clip_extends_at_most_halfway_to_its_neighbours_in_time() -> None:
    """It extends by at most 0.2 s; the order of segments does not matter; overlapping segments have no effect."""
    assert clips((1, 2), (2.2, 3), (9, 10)) == [Span(0.8, 2.1), Span(2.1, 3.2), Span(8.8, 10.2)]
    assert clips((2.2, 3), (9, 10), (1, 2))[0] == Span(2.1, 3.2)
    assert clips((1, 5), (2, 3)) == [Span(0.8, 5.2), Span(1.8, 3.2)]
    assert clips((1, 2), (1, 2)) == [Span(0.8, 2.2)] * 2
    assert clips((1, 2), (2, 3)) == [Span(0.8, 2.0), Span(2.0, 3.2)]


def test_a_clip_is_within_the_recording() -> None:
    """It is rounded to whole samples; beyond the end of the recording it is empty."""
    assert clips((0, 1), (9.9, 10), (30, 31), duration=10) == [Span(0, 1.2), Span(9.7, 10), Span(10, 10)]
    (clip,) = clips((0.12345, 1))
    assert clip.start * SAMPLE_RATE == pytest.approx(round(clip.start * SAMPLE_RATE))


def test_a_window_has_one_language() -> None:
    """It has the position of its first word in the segment; its clip may overlap the neighbouring windows."""
    words = (Word("a", 1, 2), Word("b", 2, 3, language="de"), Word("c", 3, 4, language="de"), Word("d", 4, 5))
    windows = make_windows(Transcript((Segment(words),), Meta("en", 100)), 100.0, 0.2)
    assert [(each.language, each.first, each.texts) for each in windows] == [
        ("en", 0, ["a"]),
        ("de", 1, ["b", "c"]),
        ("en", 3, ["d"]),
    ]
    assert [each.clip for each in windows] == [Span(0.8, 2.2), Span(1.8, 4.2), Span(3.8, 5.2)]
