"""A regression set without references is refused; the rest is covered by the test of whole runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.runtime.devices import Device
from meetscribe.training.comparison.regression import score_regression
from meetscribe.training.comparison.transcribing import Machine


def test_folder_without_recordings_is_an_error(tmp_path: Path) -> None:
    """References without recordings of the same name are an error that says how to name them."""
    (tmp_path / "talk.txt").write_text("Hello there.\n", encoding="utf-8")
    (tmp_path / "other.wav").write_bytes(b"")
    with pytest.raises(InputError, match=r"talk\.flac and talk\.txt"):
        score_regression(tmp_path, tmp_path, tmp_path, Machine(Device("cpu")))
