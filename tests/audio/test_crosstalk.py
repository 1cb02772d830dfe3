"""Crosstalk between microphones is silenced, and the speech of each owner is unchanged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import Audio, without_crosstalk
from meetscribe.errors import InputError

Floats = npt.NDArray[np.float32]


def audio(samples: npt.NDArray[np.floating]) -> Audio:
    return Audio(samples.astype(np.float32), "mic.wav", "sha256:0")


def two(seconds: float = 12.0) -> tuple[Floats, Floats]:
    """Return the signals of two people who take turns of two seconds, with double talk from second 8 to 10."""
    draw = np.random.default_rng(0)
    time = np.arange(round(seconds * 16000)) / 16000
    both = (time >= 8) & (time < 10)
    first = (time % 4 < 2) | both
    second = (time % 4 >= 2) | both
    noise = draw.normal(0, 0.1, (2, len(time)))
    return (noise[0] * first).astype(np.float32), (noise[1] * second).astype(np.float32)


@pytest.mark.parametrize("bleed", [-12, -18, -25])
@pytest.mark.parametrize("gain", [1.0, 0.1])
def test_crosstalk_is_silenced_and_speech_is_unchanged(bleed: float, gain: float) -> None:
    anna, ben = two()
    over = np.float32(10 ** (bleed / 20))
    mixed = audio(anna + over * np.roll(ben, 80)), audio(gain * (ben + over * np.roll(anna, 80)))
    gated = without_crosstalk(mixed)
    for own, before, after in zip((anna, ben), mixed, gated, strict=True):
        seconds = (abs(own) > 0).reshape(-1, 16000).mean(axis=1) > 0.5
        middles = [slice(second * 16000 + 4800, second * 16000 + 11200) for second in range(12)]
        for middle, is_own in zip(middles, seconds, strict=True):
            if is_own:
                np.testing.assert_array_equal(after.samples[middle], before.samples[middle])
            else:
                assert not after.samples[middle].any()


def test_shorter_recordings_end_in_silence() -> None:
    anna, ben = two()
    gated = without_crosstalk([audio(anna), audio(ben[:100_000])])
    assert [len(each.samples) for each in gated] == [len(anna)] * 2
    assert not gated[1].samples[100_000:].any()
    np.testing.assert_array_equal(gated[0].samples[5000:9000], gated[0].samples[:][5000:9000])


def test_a_silent_microphone_changes_nothing() -> None:
    anna, _ = two()
    gated = without_crosstalk([audio(anna), audio(np.zeros_like(anna))])
    np.testing.assert_array_equal(gated[0].samples[:], anna)
    assert not gated[1].samples[:].any()


def test_the_same_signal_on_two_channels_is_an_error() -> None:
    anna, _ = two()
    with pytest.raises(InputError, match="carry the same signal"):
        without_crosstalk([audio(anna), audio(0.5 * anna)])
