"""The digit engine: its text, its languages and its refusals. The contract tests are in tests/asr/test_protocol.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.protocol import DecodingOptions
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import SettingsError
from meetscribe.runtime.devices import Device
from meetscribe.testing.digit_engine import DigitEngine

ENGINE = DigitEngine(AsrSettings(), Device("cpu"), DecodingPlan())
OPTIONS = DecodingOptions("eo", beam_size=1)


def clip_with_crossings(*counts: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return half a second with each number of zero crossings; silence for -1."""
    frames = []
    for count in counts:
        frame = np.full(SAMPLE_RATE // 2, 0.1 if count >= 0 else 0.0, np.float32)
        for crossing in range(1, count + 1):
            frame[crossing * 100 :] *= -1
        frames.append(frame)
    return np.concatenate(frames)


def test_each_half_second_of_sound_gives_a_digit() -> None:
    (result,) = ENGINE.decode([clip_with_crossings(3, -1, 12)], OPTIONS)
    assert result.text == "tri du"
    assert [(word.start, word.end) for word in result.words] == [(0.0, 0.5), (1.0, 1.5)]
    (other,) = ENGINE.decode([clip_with_crossings(3, -1, 12)], DecodingOptions("ia", beam_size=1))
    assert other.text == "tres duo"


def test_the_sign_of_the_samples_is_the_language() -> None:
    positive, negative = ENGINE.detect([clip_with_crossings(0), -clip_with_crossings(0)])
    assert (positive, negative) == ({"eo": 1.0, "ia": 0.0}, {"eo": 0.0, "ia": 1.0})


@pytest.mark.parametrize(
    "wrong",
    [{"temperature": 0.2}, {"beam_size": 5}, {"prompt": "x"}, {"vocabulary": ("x",)}, {"numerals": False}],
)
def test_unsupported_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="digit engine"):
        ENGINE.decode([], DecodingOptions(**{"language": "eo", "beam_size": 1, **wrong}))
