"""Embedders are found, named by their weights, and run once per window with the same result."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from meetscribe.diarization.embedders import OncePerWindow, fingerprint, load_embedder
from meetscribe.errors import WeightsError
from meetscribe.segmentation import bundled_checkpoint
from tests.diarization.conftest import DIMENSION


def test_a_folder_and_its_checkpoint_are_the_same_embedder_in_single_precision(embedder: Path) -> None:
    import torch

    by_folder, by_file = load_embedder(str(embedder)), load_embedder(str(embedder / "pytorch_model.bin"))
    assert fingerprint(by_folder.model) == fingerprint(by_file.model)
    assert fingerprint(by_folder.model).startswith(f"XVectorMFCC-{DIMENSION}-")
    assert {weights.dtype for weights in by_folder.model.parameters()} == {torch.float32}
    assert not by_folder.model.training
    with torch.no_grad():
        next(by_file.model.parameters())[0] += 0.01
    assert fingerprint(by_folder.model) != fingerprint(by_file.model)


def test_a_window_is_run_once_and_the_voiceprints_are_those_of_pyannote(embedder: Path) -> None:
    import torch
    from pyannote.audio.pipelines.speaker_verification import PyannoteAudioPretrainedSpeakerEmbedding

    inner = PyannoteAudioPretrainedSpeakerEmbedding(load_embedder(str(embedder)).model)
    generator = torch.Generator().manual_seed(0)
    windows = torch.randn(4, 1, 16000, generator=generator) * 0.1
    masks = (torch.rand(4, 3, 59, generator=generator) > 0.5).float()
    masks[0, 1] = 0.0
    masks[2] = 0.0
    arguments = windows.repeat_interleave(3, dim=0), masks.reshape(12, 59)
    slow = inner(arguments[0], masks=arguments[1])
    fast = OncePerWindow(inner, 3)(arguments[0], masks=arguments[1])
    silent = [1, 6, 7, 8]
    assert np.isnan(fast[silent]).all()
    np.testing.assert_allclose(np.delete(fast, silent, 0), np.delete(slow, silent, 0), atol=1e-5)
    assert OncePerWindow(inner, 3).metric == "cosine"


def test_the_threshold_beside_the_checkpoint_is_used(embedder: Path, tmp_path: Path) -> None:
    assert load_embedder(str(embedder)).threshold is None
    shutil.copy(embedder / "pytorch_model.bin", tmp_path)
    beside = tmp_path / "meetscribe.json"
    beside.write_text(json.dumps({"clustering_threshold": 0.55, "tuned_on": "samples"}), encoding="utf-8")
    assert load_embedder(str(tmp_path)).threshold == 0.55
    for wrong in ("{}", "[]", "no json", '{"clustering_threshold": "0.5"}', '{"clustering_threshold": 3}'):
        beside.write_text(wrong, encoding="utf-8")
        with pytest.raises(WeightsError, match="clustering_threshold"):
            load_embedder(str(tmp_path))


def test_what_is_no_embedder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="makes no voiceprints"):
        load_embedder(str(bundled_checkpoint()))
    with pytest.raises(WeightsError, match=r"no pytorch_model\.bin"):
        load_embedder(str(tmp_path))
    with pytest.raises(WeightsError, match="neither"):
        load_embedder("no/such/place/at-all")


def test_an_embedder_on_the_hub_out_of_reach_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsError, match=r"(?s)https://huggingface\.co/some/embedder.*HF_TOKEN"):
        load_embedder("some/embedder")
