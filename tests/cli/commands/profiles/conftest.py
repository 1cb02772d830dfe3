"""An empty data folder, the settings of the samples, and two meetings with the same voices."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from meetscribe.formats import load
from tests.conftest import SAMPLES


@pytest.fixture(autouse=True)
def data(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and the settings of the samples."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(place.parent / "data"))
    monkeypatch.setenv("MEETSCRIBE_DIARIZATION__PIPELINE", "bundled")
    monkeypatch.setenv("MEETSCRIBE_DIARIZATION__EMBEDDER", str(SAMPLES / "weights" / "embedder"))
    monkeypatch.setenv("MEETSCRIBE_RUN__OFFLINE", "true")
    return place.parent / "data"


@pytest.fixture
def meetings(place: Path, standup_run: Path) -> tuple[str, str]:
    """The stand-up twice, as two meetings with the same voices; return its first two labels."""
    for name in ("monday", "tuesday"):
        shutil.copy(standup_run / "standup.json", place / f"{name}.json")
    shutil.copy(SAMPLES / "standup.flac", place)
    first, second, *_ = load(place / "monday.json").speakers
    return first, second
