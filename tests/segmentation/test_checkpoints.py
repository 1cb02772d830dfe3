"""A checkpoint is read without running what is in it, and the bundled one is the one that is known."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from meetscribe.errors import WeightsError
from meetscribe.segmentation import bundled, bundled_checkpoint, load_bundled, load_checkpoint

ARCHITECTURE = {"module": "pyannote.audio.models.embedding", "class": "XVectorMFCC"}


class Attack:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.target),)


def saved(folder: Path, content: object) -> Path:
    import torch

    path = folder / "pytorch_model.bin"
    torch.save(content, path)
    return path


def test_the_bundled_file_is_found_without_importing_whisperx() -> None:
    code = (
        "from meetscribe.segmentation import bundled_checkpoint; import sys; print(bundled_checkpoint());"
        "sys.exit('whisperx' in sys.modules or 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, str(bundled_checkpoint()))


def test_the_bundled_file_has_the_known_hash() -> None:
    assert hashlib.sha256(bundled_checkpoint().read_bytes()).hexdigest() == bundled.SHA256


def test_the_bundled_model_tells_three_local_speakers_in_windows_of_five_seconds() -> None:
    model: Any = load_bundled()
    specifications = model.specifications
    assert (specifications.duration, len(specifications.classes), specifications.powerset) == (5.0, 3, False)
    assert not model.training


def test_another_file_in_its_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = saved(tmp_path, Attack(tmp_path / "made"))
    monkeypatch.setattr(bundled, "bundled_checkpoint", lambda: other)
    with pytest.raises(WeightsError, match="SHA-256"):
        load_bundled()
    assert not (tmp_path / "made").exists()


def test_without_whisperx_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(WeightsError, match="pip install"):
        bundled_checkpoint()


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


def test_what_is_no_checkpoint_of_pyannote_is_named(tmp_path: Path) -> None:
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


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read"):
        load_checkpoint(tmp_path / "missing.bin")
