"""Embedders are found, identified by their weights, and may be code of another package."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from meetscribe.diarization.embedders import fingerprint, is_factory, load_embedder, make_embedder
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.runtime.devices import Device
from meetscribe.segmentation import bundled_checkpoint
from tests.diarization.conftest import DIMENSION


def test_a_folder_and_its_checkpoint_are_the_same_embedder_in_single_precision(embedder: Path) -> None:
    by_folder, by_file = load_embedder(str(embedder)), load_embedder(str(embedder / "pytorch_model.bin"))
    assert fingerprint(by_folder.model) == fingerprint(by_file.model)
    assert fingerprint(by_folder.model).startswith(f"XVectorMFCC-{DIMENSION}-")
    assert {weights.dtype for weights in by_folder.model.parameters()} == {torch.float32}
    assert not by_folder.model.training
    with torch.no_grad():
        next(by_file.model.parameters())[0] += 0.01
    assert fingerprint(by_folder.model) != fingerprint(by_file.model)


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


def test_a_model_that_is_not_an_embedder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="not a speaker embedding model"):
        load_embedder(str(bundled_checkpoint()))
    with pytest.raises(WeightsError, match=r"no pytorch_model\.bin"):
        load_embedder(str(tmp_path))
    with pytest.raises(WeightsError, match="neither"):
        load_embedder("no/such/place/at-all")


def test_the_error_for_an_unreachable_embedder_contains_the_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsError, match=r"(?s)https://huggingface\.co/some/embedder.*HF_TOKEN"):
        load_embedder("some/embedder")


def test_an_embedder_may_be_returned_by_a_function(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "their_embedder.py").write_text(
        """
class Loud:
    name, dimension, threshold = "loud-1", 1, 0.3
    def __init__(self, device): self.device = device
    def embed(self, clips): return [[clip.std()] for clip in clips]
def nothing(device): return 1
""",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    made = make_embedder("their_embedder:Loud", Device("cpu"))
    assert (made.name, made.threshold) == ("loud-1", 0.3)
    assert np.shape(made.embed([np.zeros(4000, np.float32)])) == (1, 1)
    for wrong in ("their_embedder:nothing", "their_embedder:Quiet", "no_such_module:x"):
        with pytest.raises(SettingsError, match=wrong):
            make_embedder(wrong, Device("cpu"))


@pytest.mark.parametrize(
    ("name", "code"), [("a.b:c", True), ("org/model", False), ("weights/x:y", False), ("dir", False)]
)
def test_functions_are_distinguished_from_directories_and_ids(name: str, code: bool) -> None:
    assert is_factory(name) is code
