"""Changed copies: lengths, levels and ratios are as stated, and words stay at their times."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Span
from meetscribe.training.data.clips.augmentation import (
    SPEEDS,
    Change,
    changed_samples,
    draw_change,
    pauses,
)
from meetscribe.training.data.clips.meetings import Track
from meetscribe.training.data.labels import changed_example
from meetscribe.training.data.settings import AUGMENTATIONS
from meetscribe.training.data.values import Example, TimedText

Samples = npt.NDArray[np.float32]
NO_NOISE: Samples = np.zeros(0, np.float32)
RANDOM = np.random.default_rng(0)
NOISE: Samples = RANDOM.normal(0, 0.01, 3 * SAMPLE_RATE).astype(np.float32)


def bursts(*times: float, seconds: float = 4.0) -> Samples:
    """Return silence with a short tone at each of the times."""
    samples = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    tone = 0.5 * np.sin(2 * np.pi * 700 * np.arange(1600) / SAMPLE_RATE) * np.hanning(1600)
    for time in times:
        start = round(time * SAMPLE_RATE)
        samples[start : start + 1600] += tone.astype(np.float32)
    return samples


def onsets(samples: Samples) -> list[float]:
    """Return the times at which the level rises above a quarter of its maximum."""
    level = np.convolve(np.abs(samples), np.ones(400) / 400, "same")
    loud = level > level.max() / 4
    return [float(at) / SAMPLE_RATE for at in np.flatnonzero(loud[1:] & ~loud[:-1])]


def level(samples: Samples) -> float:
    return 10 * float(np.log10(np.mean(np.square(samples))))


@pytest.mark.parametrize("codec", ["mp3", "opus", "telephone"])
def test_a_codec_keeps_the_times(codec: str) -> None:
    """The delay of an encoder would shift every word; the result is lossy, and as long as the original."""
    samples = bursts(0.5, 1.7, 3.2)
    coded = changed_samples(samples, Change(codec=codec), NO_NOISE, Random(0))
    assert len(coded) == len(samples)
    assert coded.dtype == np.float32
    assert onsets(coded) == pytest.approx(onsets(samples), abs=0.01)
    assert 1e-4 < float(np.abs(coded - samples).max()) < 0.5


@pytest.mark.parametrize("speed", SPEEDS)
def test_the_times_of_words_follow_the_speed(speed: float) -> None:
    samples = bursts(0.5, 1.7, 3.2)
    words = tuple(TimedText("la", time, time + 0.1) for time in onsets(samples))
    example = Example("a", "", "", 4.0, "", words, words, "en", None, "", Span(8, 12), None, False, "train")
    changed = changed_example(example, Track(Path("a.wav"), ""), Change(speed=speed))
    faster = changed_samples(samples, Change(speed=speed), NO_NOISE, Random(0))
    assert onsets(faster) == pytest.approx([word.start for word in changed.words], abs=0.005)
    assert len(faster) / SAMPLE_RATE == pytest.approx(changed.seconds, abs=0.001)
    assert changed.span == example.span


@given(st.floats(5, 20), st.integers())
def test_noise_has_the_stated_ratio(ratio: float, seed: int) -> None:
    samples = 0.1 * bursts(0.5, 1.7, 3.2)
    noisy = changed_samples(samples, Change(snr=ratio), NOISE, Random(seed))
    assert level(samples) - level(noisy - samples) == pytest.approx(ratio, abs=0.01)


def test_a_gain_does_not_clip() -> None:
    samples = bursts(1.0)
    assert level(changed_samples(samples, Change(gain=-6), NO_NOISE, Random(0))) == pytest.approx(level(samples) - 6)
    assert float(np.abs(changed_samples(2 * samples, Change(gain=6), NO_NOISE, Random(0))).max()) <= 1


@given(st.sets(st.sampled_from(AUGMENTATIONS)), st.floats(5, 30), st.booleans(), st.integers())
def test_a_change_has_the_kinds_that_were_asked_for(kinds: set[str], seconds: float, noise: bool, seed: int) -> None:
    """A slowed clip fits Whisper's window, and noise needs pauses."""
    change = draw_change(kinds, seconds, noise, Random(seed))  # type: ignore[arg-type]
    assert (change.speed is not None) == ("speed" in kinds)
    assert (change.gain is not None) == ("gain" in kinds)
    assert (change.snr is not None) == ("noise" in kinds and noise)
    assert (change.codec is not None) == ("codec" in kinds)
    assert seconds / (change.speed or 1) <= 30


def test_pauses_lie_between_words() -> None:
    words = [Span(1, 2), Span(2.2, 3), Span(2.5, 2.7), Span(4, 5)]
    assert pauses(words) == (Span(3.1, 3.9),)
