"""The folder of profiles, empty for each test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty data folder."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MEETSCRIBE_DATA", str(folder))
    return folder
