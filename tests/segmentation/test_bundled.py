"""The bundled segmentation model is found, and only the known file is loaded."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from meetscribe.errors import WeightsError
from meetscribe.segmentation import bundled, bundled_checkpoint, load_bundled


def test_the_bundled_file_is_found_without_importing_whisperx() -> None:
    code = (
        "from meetscribe.segmentation import bundled_checkpoint; import sys; print(bundled_checkpoint());"
        "sys.exit('whisperx' in sys.modules or 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, str(bundled_checkpoint()))


def test_the_bundled_file_has_the_known_hash() -> None:
    assert hashlib.sha256(bundled_checkpoint().read_bytes()).hexdigest() == bundled.SHA256


def test_the_bundled_model_has_three_local_speakers_in_windows_of_five_seconds() -> None:
    model: Any = load_bundled()
    specifications = model.specifications
    assert (specifications.duration, len(specifications.classes), specifications.powerset) == (5.0, 3, False)
    assert not model.training


def test_a_file_with_another_hash_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "pytorch_model.bin"
    other.write_bytes(b"other")
    monkeypatch.setattr(bundled, "bundled_checkpoint", lambda: other)
    with pytest.raises(WeightsError, match="SHA-256"):
        load_bundled()


def test_without_whisperx_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(WeightsError, match="pip install"):
        bundled_checkpoint()
