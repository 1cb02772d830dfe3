"""The forced aligner that gives the assembled recordings their word times finds the true times of a sample."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

import pytest

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.timeline import Span
from tests.benchmarks.accuracy import SAMPLES, truth_of
from tests.benchmarks.real.making.aligned_words import with_aligned_times
from tests.benchmarks.real.recordings import untimed_words

pytest.importorskip("pocketsphinx", reason="pip install pocketsphinx")


def test_words_are_aligned_and_those_that_the_dictionary_lacks_are_not_scored() -> None:
    path = SAMPLES / "standup.flac"
    true = [word for word in truth_of(path).words if word.end < 6.3]
    samples = load_audio(path).slice(Span(0.0, 6.3))
    words = untimed_words(" ".join(word.text for word in true), Span(0.0, len(samples) / SAMPLE_RATE))
    found = with_aligned_times(words, samples)
    assert {word.timing for word in found} == {"aligned"}
    assert median(abs(a.start - b.start) for a, b in zip(found, true, strict=True)) < 0.05

    unknown = [replace(words[0], text="Xzyqvort"), *words[1:]]
    assert [word.timing for word in with_aligned_times(unknown, samples)][:2] == ["interpolated", "aligned"]
