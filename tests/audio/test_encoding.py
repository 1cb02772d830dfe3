from __future__ import annotations

from pathlib import Path

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.audio.encoding import encode_opus


def test_opus_keeps_length_and_places(tmp_path: Path) -> None:
    """Sound stays where it is: three beeps are found again within 5 ms, over the borders of blocks and in silence."""
    samples = np.zeros(65 * SAMPLE_RATE, np.float32)
    beeps = (0.5, 29.95, 64.0)
    for beep in beeps:
        at = round(beep * SAMPLE_RATE)
        samples[at : at + 3200] = 2 * np.sin(np.arange(3200) / 4)  # clipped
    (tmp_path / "a.webm").write_bytes(encode_opus(Audio(samples, "a.wav", "sha256:0")))
    back = load_audio(tmp_path / "a.webm").samples[:]
    assert abs(len(back) - len(samples)) < SAMPLE_RATE // 50
    loud = np.flatnonzero(np.abs(back) > 0.3) / SAMPLE_RATE
    starts = [loud[0], *loud[1:][np.diff(loud) > 1]]
    assert np.allclose(starts, beeps, atol=0.005)
