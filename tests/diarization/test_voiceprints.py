"""Voiceprints equal those of pyannote.audio, with one run of the network per window; other embedders get clips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from pyannote.audio.pipelines.speaker_verification import PyannoteAudioPretrainedSpeakerEmbedding

from meetscribe.diarization.embedders import load_embedder
from meetscribe.diarization.voiceprints import ClipEmbedder, PerSpeakerEmbedder, PerWindowEmbedder


@pytest.fixture(scope="module")
def inner(embedder: Path) -> Any:
    return PyannoteAudioPretrainedSpeakerEmbedding(load_embedder(str(embedder)).model)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_one_run_per_window_gives_the_voiceprints_of_pyannote(inner: Any, most: int) -> None:
    generator = torch.Generator().manual_seed(0)
    windows = torch.randn(4, 1, 16000, generator=generator) * 0.1
    masks = (torch.rand(4, 3, 59, generator=generator) > 0.5).float()
    masks[0, 1] = 0.0
    masks[1, : 3 - most] = 0.0
    masks[2] = 0.0
    masks[3, most:] = 0.0
    masks[0, most - 1] = 0.0
    slow = inner(windows.repeat_interleave(3, dim=0), masks=masks.reshape(12, 59)).reshape(4, 3, -1)
    silent = ~masks.any(dim=2).numpy()
    ran: list[int] = []
    inner.model_.register_forward_pre_hook(lambda _, given: ran.append(len(given[0])))
    for embedder in (PerWindowEmbedder(inner), PerSpeakerEmbedder(inner)):
        ran.clear()
        fast = embedder(windows, masks)
        assert sum(ran) == (3 if isinstance(embedder, PerWindowEmbedder) else np.count_nonzero(~silent))
        assert np.isnan(fast[silent]).all()
        np.testing.assert_allclose(fast[~silent], slow[~silent], atol=1e-5)


def test_an_embedder_of_clips_is_given_the_speech_of_each_speaker_in_a_window() -> None:
    class Lengths:
        name, dimension = "lengths", 2
        threshold: float | None = None

        def embed(self, clips: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
            return np.array([[len(clip), clip.mean()] for clip in clips], np.float32)

    windows = torch.ones(2, 1, 16000)
    windows[1] = 3.0
    masks = torch.zeros(2, 3, 100)
    masks[0, 0, :50] = 1.0
    masks[1, 2, 60:] = 1.0
    masks[1, 0, :10] = 1.0  # a tenth of a second is too short
    voiceprints = ClipEmbedder(Lengths())(windows, masks)
    assert voiceprints[0, 0].tolist() == [8000, 1] and voiceprints[1, 2].tolist() == [6400, 3]
    assert np.isnan(voiceprints).all(axis=2).sum() == 4
    assert np.isnan(ClipEmbedder(Lengths())(windows, masks * 0)).all()
