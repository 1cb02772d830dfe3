"""PCM of any rate, type and number of channels becomes float32 at 16 kHz, independent of the blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.live.sources.normalising import Normaliser

Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def tone(rate: int, channels: int, seconds: float = 1.0) -> Array:
    """Return a tone of another frequency on each channel."""
    times = np.arange(round(rate * seconds)) / rate
    waves = [0.5 * np.sin(2 * np.pi * 200 * (n + 1) * times) for n in range(channels)]
    return np.stack(waves, axis=1).astype(np.float32)


def converted(samples: Array, rate: int, sizes: list[int]) -> Array:
    normaliser, position = Normaliser(rate, samples.shape[1]), 0
    parts: list[Array] = []
    while position < len(samples):
        size = sizes[len(parts) % len(sizes)]
        parts.append(normaliser.add(samples[position : position + size]))
        position += size
    return np.concatenate([*parts, normaliser.finish()])


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2, 3, 8])
def test_rates_and_channels(rate: int, channels: int) -> None:
    """The result is the tone at 16 kHz on every channel, of the same length within a millisecond."""
    found = converted(tone(rate, channels), rate, [rate // 10])
    expected = tone(16_000, channels)
    assert found.shape[1] == channels
    assert abs(len(found) - len(expected)) <= 16
    middle = slice(2000, 14_000)
    for n in range(channels):
        if 200 * (n + 1) < 0.45 * min(rate, 16_000):
            assert np.corrcoef(found[middle, n], expected[middle, n])[0, 1] > 0.99


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 5000), min_size=1, max_size=5), st.sampled_from([8000, 16_000, 44_100]))
def test_the_size_of_the_blocks_does_not_matter(sizes: list[int], rate: int) -> None:
    """The resampler's state is carried: many blocks give what one gives."""
    samples = tone(rate, 2, 0.3)
    one, many = converted(samples, rate, [len(samples)]), converted(samples, rate, sizes)
    length = min(len(one), len(many))
    assert abs(len(one) - len(many)) <= 2
    assert np.abs(one[:length] - many[:length]).max() < 1e-3


def test_integers_and_impossible_values() -> None:
    """int16 is scaled, NaN becomes silence, and what exceeds 1 is clipped."""
    assert Normaliser(16_000, 1).add(np.array([-32_768, 16_384], np.int16)).ravel().tolist() == [-1.0, 0.5]
    wild = np.array([np.nan, np.inf, 7.0], np.float32)
    assert Normaliser(16_000, 1).add(wild).ravel().tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "samples", [np.zeros((4, 2), np.float32), np.zeros(4, np.float64), np.zeros((1, 1, 1), np.float32)]
)
def test_other_shapes_and_types_are_refused(samples: Array) -> None:
    with pytest.raises(ValueError, match="must"):
        Normaliser(16_000, 1).add(samples)


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 0), (16_000, 9), (10, 1), (10**7, 1)])
def test_impossible_formats_are_refused(rate: int, channels: int) -> None:
    with pytest.raises(ValueError, match="must"):
        Normaliser(rate, channels)
