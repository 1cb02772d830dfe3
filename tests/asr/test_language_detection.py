"""The language of a recording, and the language of each chunk."""

from __future__ import annotations

import math
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr.language_detection import chunk_languages, detection_chunks, mean_probabilities, most_likely
from meetscribe.timeline import Span

lengths = st.lists(st.floats(0.1, 29), max_size=60)


def chunks_of(durations: list[float]) -> list[Span]:
    """Return chunks of these durations, one second apart."""
    chunks: list[Span] = []
    for duration in durations:
        start = chunks[-1].end + 1 if chunks else 0.0
        chunks.append(Span(start, start + duration))
    return chunks


@given(lengths)
def test_chunks_for_detection_are_few_and_in_order(durations: list[float]) -> None:
    """There are at most eight, the longest of all among them; a short recording has all its chunks."""
    chunks = chunks_of(durations)
    chosen = detection_chunks(chunks)
    assert len(chosen) == min(8, len(chunks))
    assert chosen == sorted(chosen) and set(chosen) <= set(chunks)
    assert max((chunk.duration for chunk in chosen), default=0) == max((c.duration for c in chunks), default=0)


def test_chunks_for_detection_are_spread_over_the_recording() -> None:
    """Of each eighth of a long recording, the longest chunk is used."""
    chunks = chunks_of([20.0, 29.0] * 40)
    chosen = detection_chunks(chunks)
    assert [chunk.duration for chunk in chosen] == [29.0] * 8
    assert [int(chunk.start / chunks[-1].end * 8) for chunk in chosen] == list(range(8))


probabilities = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(
    lambda parts: {name: part / sum(parts) for name, part in zip(("cy", "de", "en"), parts, strict=True)}
)


@given(st.lists(st.tuples(probabilities, st.floats(0.1, 29)), min_size=1, max_size=8))
def test_combined_probabilities_add_up(clips: list[tuple[dict[str, float], float]]) -> None:
    """The mean over clips is a distribution, between the lowest and the highest value of all clips."""
    mean = mean_probabilities([found for found, _ in clips], [speech for _, speech in clips])
    assert math.fsum(mean.values()) == pytest.approx(1)
    for language, share in mean.items():
        values = [found[language] for found, _ in clips]
        assert min(values) - 1e-9 <= share <= max(values) + 1e-9
    assert mean[most_likely(mean)] == max(mean.values())


def test_more_speech_counts_more() -> None:
    found = [{"de": 1.0, "en": 0.0}, {"de": 0.0, "en": 1.0}]
    assert most_likely(mean_probabilities(found, [3.0, 1.0])) == "de"
    assert most_likely(mean_probabilities(found, [1.0, 1.0])) == "de"  # by its code
    assert mean_probabilities([], []) == {}


def slow_languages(found: list[dict[str, float]], speech: list[float]) -> float:
    """Return the score of the best sequence of languages by trying all."""
    mean = mean_probabilities(found, speech)
    known = [language for language in mean if mean[language] >= 0.02]
    return max(score(list(path), found, speech) for path in product(known, repeat=len(found)))


def score(path: list[str], found: list[dict[str, float]], speech: list[float]) -> float:
    """Return the log probability of a sequence of languages, changes included."""
    mean = mean_probabilities(found, speech)
    known = [language for language in mean if mean[language] >= 0.02]
    start = max(math.log(max(mean[before], 1e-3)) + math.log(0.8 if before == path[0] else 0.2) for before in known)
    changes = sum(math.log(0.8 if one == other else 0.2) for one, other in pairwise(path))
    evidence = sum(
        min(1.0, seconds / 5) * math.log(max(probabilities[language], 1e-3))
        for language, probabilities, seconds in zip(path, found, speech, strict=True)
    )
    return start + changes + evidence


@given(st.lists(st.tuples(probabilities, st.floats(0.1, 29)), min_size=1, max_size=6))
def test_chunk_languages_are_the_most_likely_sequence(clips: list[tuple[dict[str, float], float]]) -> None:
    """The Viterbi search scores as high as trying every sequence."""
    found, speech = [one for one, _ in clips], [seconds for _, seconds in clips]
    languages = chunk_languages(found, speech)
    assert len(languages) == len(found)
    assert score(languages, found, speech) == pytest.approx(slow_languages(found, speech))


ENGLISH, GERMAN, WELSH = (
    {"en": 0.9, "de": 0.08, "cy": 0.02},
    {"en": 0.02, "de": 0.97, "cy": 0.01},
    {"cy": 0.7, "en": 0.2, "de": 0.1},
)


def test_a_short_sound_takes_the_language_around_it() -> None:
    """A chunk with much speech keeps its own language."""
    found, speech = [ENGLISH, WELSH, ENGLISH, GERMAN, GERMAN, WELSH, GERMAN], [12.0, 0.6, 20.0, 15.0, 18.0, 0.5, 9.0]
    assert chunk_languages(found, speech) == ["en", "en", "en", "de", "de", "de", "de"]
    assert chunk_languages([ENGLISH, GERMAN, ENGLISH], [20.0, 20.0, 20.0]) == ["en", "de", "en"]
    assert chunk_languages([], []) == []
