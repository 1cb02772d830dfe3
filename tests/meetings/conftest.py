"""A saved meeting of the sample stand-up, and the tools to look at its voices; no other data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from meetscribe.meetings.speakers import Meeting, Tools
from meetscribe.profiles.values import Consent
from meetscribe.settings import RunSettings, Settings
from tests.conftest import SAMPLES

ANNA = Consent("Anna", "recognise my voice in our meetings", "Anna", "2026-11-01")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty data folder."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MEETSCRIBE_DATA", str(folder))
    return folder


@pytest.fixture(scope="session")
def session_settings() -> Settings:
    """The settings of a session with the samples' embedder."""
    embedder = str(SAMPLES / "weights" / "embedder")
    return Settings(
        diarization={"pipeline": "bundled", "embedder": embedder},  # type: ignore[arg-type]
        run=RunSettings(device="cpu", cache=False, offline=True),
    )


@pytest.fixture
def tools(session_settings: Settings) -> Tools:
    """Tools with empty stores."""
    return Tools.of(session_settings)


@pytest.fixture
def standup(standup_run: Path, tmp_path: Path) -> Iterator[Meeting]:
    """The stand-up as the command of the README transcribed it, beside its recording."""
    shutil.copy(standup_run / "standup.json", tmp_path)
    shutil.copy(SAMPLES / "standup.flac", tmp_path)
    yield Meeting.load(tmp_path / "standup.json")
