"""Every sample is in an utterance or in silence, whatever the pattern of speech and the size of the chunks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.live.activity import FRAME, End, Piece, Silence, Speech, SpeechGate, Start
from meetscribe.live.settings import LiveSettings
from meetscribe.testing.live import loud

SETTINGS = LiveSettings(min_silence=0.2, preroll=0.3)
SIZES = st.lists(st.integers(100, 5000), min_size=1, max_size=4)
PATTERNS = st.lists(st.tuples(st.booleans(), st.integers(1, 15_000)), max_size=12)


def audio(pattern: list[tuple[bool, int]]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return numbered samples: negative in speech, and zero in silence."""
    parts = [np.full(length, -0.5 if active else 0.0, np.float32) for active, length in pattern]
    return np.concatenate([np.zeros(0, np.float32), *parts])


def pieces_of(samples: np.ndarray[tuple[int], np.dtype[np.float32]], sizes: list[int]) -> list[Piece]:
    gate, found, position = SpeechGate(SETTINGS, loud), [], 0
    for size in sizes * (len(samples) // max(1, sum(sizes)) + 1):
        found += gate.add(samples[position : position + size])
        position += size
    return [*found, *gate.add(samples[position:]), *gate.finish()]


@settings(deadline=None, max_examples=40)
@given(PATTERNS, SIZES)
def test_samples_passed_and_skipped_are_the_samples_received(pattern: list[tuple[bool, int]], sizes: list[int]) -> None:
    """Speech and silence follow each other without gap or overlap, and hold the samples as received."""
    samples = audio(pattern)
    position = 0
    for piece in pieces_of(samples, sizes):
        if isinstance(piece, Speech):
            assert piece.start == position
            assert np.array_equal(piece.samples, samples[position : position + len(piece.samples)])
            position += len(piece.samples)
        elif isinstance(piece, Silence):
            assert piece.start == position
            position = piece.end
        else:
            assert piece.at == position
    assert position == len(samples)


@settings(deadline=None, max_examples=40)
@given(PATTERNS, SIZES)
def test_the_size_of_the_chunks_does_not_matter(pattern: list[tuple[bool, int]], sizes: list[int]) -> None:
    """The same utterances start and end at the same samples, whether in one chunk or in many."""
    samples = audio(pattern)

    def borders(pieces: list[Piece]) -> list[Piece]:
        return [piece for piece in pieces if isinstance(piece, Start | End)]

    assert borders(pieces_of(samples, sizes)) == borders(pieces_of(samples, [max(1, len(samples))]))


@settings(deadline=None, max_examples=40)
@given(PATTERNS)
def test_starts_and_ends_alternate(pattern: list[tuple[bool, int]]) -> None:
    """Several events within one chunk stay apart: each start has its end before the next start."""
    events = [piece for piece in pieces_of(audio(pattern), [100_000]) if isinstance(piece, Start | End)]
    assert all(type(first) is not type(second) for first, second in pairwise(events))
    assert len(events) % 2 == 0
    assert not events or isinstance(events[0], Start)


def test_an_utterance_begins_before_its_speech() -> None:
    """The audio before the start belongs to the utterance, also if it came in an earlier chunk."""
    samples = audio([(False, 20 * FRAME), (True, 20 * FRAME), (False, 40 * FRAME)])
    start = next(piece for piece in pieces_of(samples, [FRAME]) if isinstance(piece, Start))
    assert start.at == 20 * FRAME - int(SETTINGS.preroll * 16_000) // FRAME * FRAME
    quiet = [piece for piece in pieces_of(samples, [FRAME]) if isinstance(piece, Speech) and not piece.active]
    assert quiet[0].start == start.at


def test_speech_shorter_than_the_minimum_is_silence() -> None:
    """A click of one frame starts nothing."""
    pieces = pieces_of(audio([(False, 4096), (True, FRAME), (False, 9000)]), [700])
    assert all(isinstance(piece, Silence) for piece in pieces)
