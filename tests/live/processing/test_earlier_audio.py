"""The context of an utterance begins at a pause, and ends right before the utterance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.processing.earlier_audio import EarlierAudio, Stretch
from meetscribe.timeline import Span

SECOND = SAMPLE_RATE


def numbered(start: float, end: float) -> npt.NDArray[np.float32]:
    """Return samples that are numbered from the start of the session."""
    return np.arange(round(start * SECOND), round(end * SECOND), dtype=np.float32)


def stretch(start: float, end: float, *speech: tuple[float, float], pause: float = 0.0) -> Stretch:
    """Return numbered samples after a pause of this length."""
    spans = tuple(Span(one * SECOND, other * SECOND) for one, other in speech or [(start, end)])
    return Stretch(round(start * SECOND), numbered(start, end), spans, numbered(start - pause, start))


PARTS = st.lists(st.tuples(st.floats(0, 3), st.floats(0.1, 6)), max_size=8)


@given(PARTS, st.floats(0, 20), st.booleans())
def test_the_context_is_the_audio_before_the_utterance(
    parts: list[tuple[float, float]], room: float, known: bool
) -> None:
    """Its samples are those recorded, with zeros in unknown pauses; it fits, and does not cross a long pause."""
    earlier, position, gaps = EarlierAudio(15 * SECOND, 2 * SECOND), 1.0, []
    for gap, length in parts:
        earlier.add(stretch(position + gap, position + gap + length, pause=gap if known else 0.0))
        gaps.append((position, position + gap))
        position += gap + length
    start = round(position * SECOND)
    found = earlier.before(start, round(room * SECOND))
    assert found.end == start and len(found.samples) <= min(15, room) * SECOND + 1
    heard = np.full(len(found.samples), True) if known else found.samples > 0
    assert np.array_equal(found.samples[heard], np.arange(found.start, start)[heard])
    assert all(not (one * SECOND > found.start and other - one > 2.001) for one, other in gaps)


def test_the_pause_before_the_utterance_is_part_of_the_context() -> None:
    earlier = EarlierAudio(15 * SECOND, 2 * SECOND)
    earlier.add(stretch(1, 3))
    found = earlier.before(4 * SECOND, 9 * SECOND, numbered(2, 4))
    assert np.array_equal(found.samples, numbered(1, 4))


def test_it_begins_at_a_stretch_or_at_a_pause() -> None:
    """A stretch that is too long is used from a pause of 0.3 s on."""
    earlier = EarlierAudio(15 * SECOND, 2 * SECOND)
    earlier.add(stretch(0, 10, (0, 2), (2.1, 4), (5, 10)))
    assert earlier.before(10 * SECOND, 12 * SECOND).start == 0
    cut = earlier.before(10 * SECOND, 9 * SECOND)
    assert (cut.start, cut.speech) == (4.5 * SECOND, (Span(5 * SECOND, 10 * SECOND),))
    assert len(earlier.before(10 * SECOND, 3 * SECOND).samples) == 0


def test_nothing_is_left_after_an_interruption() -> None:
    earlier = EarlierAudio(15 * SECOND, 2 * SECOND)
    earlier.add(stretch(0, 2))
    earlier.forget()
    assert len(earlier.before(2 * SECOND, 10 * SECOND).samples) == 0
