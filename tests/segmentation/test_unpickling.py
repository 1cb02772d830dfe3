"""Checkpoints are loaded without running code from them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import torch

from meetscribe.errors import WeightsError
from meetscribe.segmentation import load_checkpoint

ARCHITECTURE = {"module": "pyannote.audio.models.embedding", "class": "XVectorMFCC"}


class Attack:
    """A pickle that creates a folder when it is loaded."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.target),)


def saved(folder: Path, content: object) -> Path:
    path = folder / "pytorch_model.bin"
    torch.save(content, path)
    return path


@pytest.mark.parametrize("where", ["state_dict", "hyper_parameters", "callbacks"])
def test_code_in_a_checkpoint_does_not_run(tmp_path: Path, where: str) -> None:
    parts: dict[str, object] = {"state_dict": {}, "hyper_parameters": {}, "pyannote.audio": {}}
    path = saved(tmp_path, {**parts, where: Attack(tmp_path / "made")})
    with pytest.raises(WeightsError, match="more than weights"):
        load_checkpoint(path)
    assert not (tmp_path / "made").exists()


def test_code_named_by_a_checkpoint_is_not_imported(tmp_path: Path) -> None:
    architecture = {"module": "antigravity", "class": "Model"}
    parts = {"versions": {}, "architecture": architecture, "specifications": None}
    path = saved(tmp_path, {"state_dict": {}, "hyper_parameters": {}, "pyannote.audio": parts})
    with pytest.raises(WeightsError, match="antigravity"):
        load_checkpoint(path)
    assert "antigravity" not in sys.modules


def test_the_error_names_the_missing_part(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"no hyper_parameters, pyannote\.audio"):
        load_checkpoint(saved(tmp_path, {"state_dict": {}}))
    with pytest.raises(WeightsError, match="no state_dict"):
        load_checkpoint(saved(tmp_path, [1, 2]))
    incomplete = {"versions": {"pyannote.audio": "4.0.7"}, "architecture": ARCHITECTURE}
    with pytest.raises(WeightsError, match="specifications"):
        load_checkpoint(saved(tmp_path, {"state_dict": {}, "hyper_parameters": {}, "pyannote.audio": incomplete}))


@pytest.mark.parametrize("content", [b"", b"version https://git-lfs.github.com/spec/v1\n", b"PK\x03\x04cut off"])
def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pytorch_model.bin"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"pytorch_model\.bin"):
        load_checkpoint(path)
