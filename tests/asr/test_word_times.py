"""The words of a chunk lie inside it, in order, where there is speech."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr.protocol import DecodingResult
from meetscribe.asr.word_times import spread_over_parts, words_in_chunk
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Span, overlap, total
from meetscribe.transcript import Word

CHUNK = Span(10.0, 18.0)
texts = st.lists(st.sampled_from(["yes", "well,", "a", "management", "写完了", "2026"]), max_size=12)
gaps = st.lists(st.tuples(st.floats(0.05, 2), st.floats(0.05, 3)), min_size=1, max_size=5)


def parts_of(pairs: list[tuple[float, float]]) -> list[Span]:
    """Return disjoint spans in order."""
    parts: list[Span] = []
    time = 10.0
    for gap, length in pairs:
        parts.append(Span(time + gap, time + gap + length))
        time = parts[-1].end
    return parts


@given(texts, gaps)
def test_words_are_spread_over_the_parts_only(words: list[str], pairs: list[tuple[float, float]]) -> None:
    """Each word lies inside one part, in order, without overlap."""
    parts = parts_of(pairs)
    spans = spread_over_parts(words, parts)
    assert len(spans) == len(words)
    assert all(before.end <= after.start + 1e-9 for before, after in pairwise(spans))
    for span in spans:
        assert overlap(span, parts) == pytest.approx(span.duration, abs=1e-6)
        assert any(part.start <= span.start <= span.end <= part.end for part in parts)


@given(texts.filter(bool), st.floats(0.1, 30))
def test_one_part_is_filled_as_by_spread(words: list[str], length: float) -> None:
    """With a single part, the result is that of `spread`."""
    part = Span(4.0, 4.0 + length)
    for found, plain in zip(spread_over_parts(words, [part]), spread(words, part), strict=True):
        assert [found.start, found.end] == pytest.approx([plain.start, plain.end])


@given(texts, st.lists(st.tuples(st.floats(-1, 9), st.floats(-1, 9)).map(sorted), min_size=12, max_size=12))
def test_engine_times_stay_in_the_chunk_and_in_order(words: list[str], times: list[list[float]]) -> None:
    """Whatever times the engine reports, the words lie in the chunk without overlap."""
    timed = tuple(
        Word(text, max(0.0, start), max(0.0, end), "engine", probability=0.5)
        for text, (start, end) in zip(words, times, strict=False)
    )
    placed = words_in_chunk(DecodingResult(" ".join(words), timed), CHUNK)
    assert [word.text for word in placed] == split_words(" ".join(words))
    assert all(before.end <= after.start for before, after in pairwise(placed))
    assert all(CHUNK.start <= word.start <= word.end <= CHUNK.end for word in placed)
    assert all((word.timing, word.probability, word.score) == ("engine", 0.5, None) for word in placed)


def test_a_text_without_times_is_spread_over_speech() -> None:
    """Without speech activity the whole chunk is used. The language is set for each word."""
    placed = words_in_chunk(DecodingResult("one two"), CHUNK, [Span(11, 12), Span(15, 16)], "de")
    assert [(word.start, word.end, word.timing) for word in placed] == [
        (11.0, 12.0, "interpolated"),
        (15.0, 16.0, "interpolated"),
    ]
    assert {word.language for word in placed} == {"de"}
    assert [word.start for word in words_in_chunk(DecodingResult("one two"), CHUNK)] == [10.0, 14.0]
    assert total(word.span for word in words_in_chunk(DecodingResult("one two"), CHUNK)) == pytest.approx(8.0)
    assert words_in_chunk(DecodingResult(""), CHUNK) == ()


def test_times_of_other_words_are_not_used() -> None:
    """If fewer words are timed than the text has, all are spread, and none is lost."""
    placed = words_in_chunk(DecodingResult("one two three", (Word("one", 0.1, 0.4),)), CHUNK)
    assert [word.text for word in placed] == ["one", "two", "three"]
    assert {word.timing for word in placed} == {"interpolated"}
