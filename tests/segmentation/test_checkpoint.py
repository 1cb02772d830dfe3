"""A checkpoint is loaded only if it can be read and is the expected file."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import WeightsError
from meetscribe.segmentation import load_checkpoint


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read"):
        load_checkpoint(tmp_path / "missing.bin")


def test_another_file_than_expected_is_an_error(tmp_path: Path) -> None:
    """The content is compared with the SHA-256 before it is unpickled."""
    (tmp_path / "model.bin").write_bytes(b"other")
    with pytest.raises(WeightsError, match=r"model\.bin is not the expected file: its SHA-256 differs"):
        load_checkpoint(tmp_path / "model.bin", "0" * 64)
