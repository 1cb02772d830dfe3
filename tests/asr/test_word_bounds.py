"""Word times from the decoder's attention are bounded by speech activity."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Literal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from meetscribe.asr.word_bounds import bound_word_times, bound_words, combined_speech
from meetscribe.timeline import Span, union
from meetscribe.transcript import Meta, Segment, Transcript, Word

TEXTS = ("Can", "you", "straightforward.", "Okay,", "我", "2026", "I", "—")
steps = st.floats(0.0, 3.0).map(lambda value: round(value, 3))


@st.composite
def words_in_order(draw: st.DrawFn) -> list[Word]:
    """Return words of an engine: in order, without overlap, often with one starting where another ends."""
    words, time = [], 0.0
    for text in draw(st.lists(st.sampled_from(TEXTS), max_size=10)):
        start = time + draw(st.sampled_from([0.0, 0.0, 0.1, 1.5]))
        time = start + draw(steps)
        words.append(Word(text, start, time, probability=0.5))
    return words


@st.composite
def speech_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Return spans of speech with pauses between them."""
    spans, time = [], 0.0
    for _ in range(draw(st.integers(0, 8))):
        start = time + 0.05 + draw(steps)
        time = start + 0.05 + draw(steps)
        spans.append(Span(start, time))
    return union(spans)


def timed(*words: tuple[str, float, float]) -> list[Word]:
    return [Word(*word) for word in words]


def times(words: Sequence[Word]) -> list[float]:
    return [time for word in words for time in (word.start, word.end)]


@given(words_in_order(), speech_spans())
def test_no_word_lies_in_silence_or_spans_a_pause(words: list[Word], speech: tuple[Span, ...]) -> None:
    """Each word within half a second of speech is inside one span of it; all are in order, without overlap."""
    bounded = bound_words(words, speech)
    assert [(word.text, word.timing, word.probability) for word in bounded] == [(w.text, "engine", 0.5) for w in words]
    assert all(before.end <= after.start + 0.001 for before, after in pairwise(bounded))
    for before, after in zip(words, bounded, strict=True):
        near = any(before.span.gap(span) <= 0.5 for span in speech)
        inside = any(span.start - 0.001 <= after.start <= after.end <= span.end + 0.001 for span in speech)
        assert inside or not near


@given(words_in_order(), speech_spans())
def test_a_long_word_is_covered_by_speech(words: list[Word], speech: tuple[Span, ...]) -> None:
    """No word is longer than 1.5 s and than its letters allow, unless speech covers it without a gap."""
    for word in bound_words(words, speech):
        covered = any(span.start - 0.001 <= word.start and word.end <= span.end + 0.001 for span in speech)
        assert covered or word.duration <= 0.35 + 0.08 * len(word.text) + 0.001


@given(words_in_order(), speech_spans())
@example([Word("Can", 0.0, 0.0, timing="engine")] * 3, (Span(0.05, 0.1),))  # a boundary one rounding before its word
def test_a_second_time_changes_no_word_inside_speech(words: list[Word], speech: tuple[Span, ...]) -> None:
    """Words of some length keep their start when they are bounded twice, so the result does not drift."""
    once = bound_words(words, speech)
    assume(all(word.duration > 0.06 for word in once))
    assert all(abs(a.start - b.start) <= 0.43 for a, b in zip(once, bound_words(once, speech), strict=True))


@pytest.mark.parametrize(
    ("words", "speech", "expected"),
    [
        # the first word after a pause starts with its speech, the last one before it ends with its speech
        (
            [("well.", 0.5, 0.9), ("Can", 0.9, 7.1), ("you", 7.1, 7.3)],
            [(0.4, 1.1), (6.8, 9.0)],
            [(0.5, 1.1), (6.8, 7.142), (7.142, 7.55)],
        ),
        # a word that ends a little after the next speech has begun stays before the pause
        ([("than", 1.0, 3.03)], [(0.5, 1.4), (3.0, 4.0)], [(1.0, 1.4)]),
        # words in silence share the time of the next word
        ([("So", 0.0, 0.2), ("the", 0.2, 1.0)], [(0.6, 2.0)], [(0.6, 0.782), (0.782, 1.25)]),
        # so do words on both sides of one that has only a moment of speech, without overlap
        (
            [("I", 0.0, 0.0), ("I", 0.0, 0.5), ("I", 0.5, 0.5)],
            [(0.05, 0.2)],
            [(0.05, 0.135), (0.135, 0.172), (0.172, 0.2)],
        ),
        # within speech, attention leaves a short word after its end, and a long one before
        ([("we", 1.0, 1.3), ("can", 1.3, 1.6)], [(1.0, 1.6)], [(1.0, 1.322), (1.322, 1.6)]),
        ([("a", 0.0, 0.4), ("straightforward.", 0.4, 1.0)], [(0.0, 1.0)], [(0.0, 0.354), (0.354, 1.0)]),
        ([("straightforward", 0.0, 0.7), ("a", 0.7, 0.9)], [(0.0, 1.0)], [(0.0, 0.78), (0.78, 1.0)]),
        # a filler that was not recognised does not lengthen the next word
        ([("they", 0.0, 3.0), ("had", 3.0, 3.2)], [(0.0, 4.0)], [(2.33, 3.062), (3.062, 3.45)]),
        # the detector has missed speech: the word stays, but is not longer than one that is spoken slowly
        ([("Hmm.", 5.0, 9.0)], [(0.0, 1.0)], [(5.0, 5.59)]),
        ([], [(0.0, 1.0)], []),
        ([("Hmm.", 5.0, 5.2)], [], [(5.0, 5.2)]),
    ],
)
def test_words_at_pauses(
    words: list[tuple[str, float, float]], speech: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    bounded = bound_words(timed(*words), [Span(*span) for span in speech])
    assert times(bounded) == pytest.approx(list(chain(*expected)), abs=0.001)


def transcript(timing: Literal["engine", "interpolated", "aligned"]) -> Transcript:
    """Return a transcript of one segment in which a word spans a pause."""
    words = (Word("one", 0, 1, timing), Word("two", 1, 5, timing), Word("three", 5, 6, timing))
    return Transcript((Segment(words),), Meta("en", 10.0))


def test_transcripts_of_engines_without_word_times() -> None:
    """Interpolated words are spread over the speech in their segment, without the delays of detectors.

    Aligned words are left as they are.
    """
    speech = [Span(4.0, 6.0), Span(0.0, 1.5)]
    engine, spread, aligned = (
        bound_word_times(transcript(timing), speech) for timing in ("engine", "interpolated", "aligned")
    )
    assert times(engine.words) == pytest.approx([0, 0.84, 4.41, 5.034, 5.034, 5.94], abs=0.001)
    assert times(spread.words) == pytest.approx([0, 0.93, 0.93, 1.44, 4.39, 5.94], abs=0.001)
    assert {word.timing for word in spread.words} == {"interpolated"}
    assert aligned == transcript("aligned")
    assert bound_word_times(transcript("interpolated"), []) == transcript("interpolated")


@given(speech_spans(), speech_spans())
def test_a_second_detector_fills_in_what_the_first_one_missed(
    first: tuple[Span, ...], second: tuple[Span, ...]
) -> None:
    """As by comparing every span with every other."""
    missed = [span for span in second if not any(span.overlap(known) > 0 for known in first)]
    assert combined_speech(first, second) == union([*first, *missed])
