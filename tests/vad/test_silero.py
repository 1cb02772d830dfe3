"""The scores of frames are those of the Silero network, computed in blocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from faster_whisper.vad import get_vad_model

from meetscribe.audio import Audio, load_audio
from meetscribe.vad.silero import FRAME, FRAME_SECONDS, score_speech

SAMPLES = Path(__file__).parents[2] / "samples"


def recording(samples: npt.NDArray[np.floating]) -> Audio:
    """Return samples as a recording."""
    return Audio(samples.astype(np.float32), "made", "sha256:0")


def test_the_probabilities_are_those_of_faster_whisper() -> None:
    """Computed in blocks, they equal those of its own method for the whole recording."""
    audio = load_audio(SAMPLES / "standup.flac")
    samples = audio.samples[: 50 * 16 * 512]
    theirs = np.ravel(get_vad_model()(samples.copy()))
    done: list[float] = []
    ours = score_speech(recording(samples), done.append).probability
    np.testing.assert_allclose(ours[:-1], theirs[:-1], atol=1e-4)
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_the_score_of_a_frame_depends_on_earlier_samples_only() -> None:
    """The scores of the beginning of a recording equal those of the whole."""
    audio = load_audio(SAMPLES / "standup.flac")
    whole = score_speech(audio)
    half = round(20 / FRAME_SECONDS)
    part = score_speech(recording(audio.samples[: half * FRAME]))
    np.testing.assert_allclose(part.probability, whole.probability[:half], atol=1e-4)
    np.testing.assert_allclose(part.level, whole.level[:half], atol=1e-3)
    assert part.probability.max() > 0.9
