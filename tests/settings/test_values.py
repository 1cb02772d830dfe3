from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from meetscribe.asr.settings import AsrSettings
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import SettingsError
from meetscribe.settings import ROOMS, RunSettings, Settings


def test_the_rooms_are_the_fields_of_settings() -> None:
    """The tables of a settings file and the fields of Settings are the same."""
    assert list(ROOMS) == [declared.name for declared in fields(Settings)]
    assert all(isinstance(getattr(Settings(), room), kind) for room, kind in ROOMS.items())


def test_non_defaults_contain_no_secrets_and_no_folders(tmp_path: Path) -> None:
    """The settings stored in a transcript leave out tokens and the folders of models."""
    settings = Settings(
        asr=AsrSettings(model=str(tmp_path), vocabulary=("a",)),
        diarization=DiarizationSettings(token="hf_secret", speakers=2),
        attribution=AttributionSettings(max_gap=float("inf")),
    )
    assert settings.non_defaults() == {
        "asr": {"model": tmp_path.name, "vocabulary": ["a"]},
        "diarization": {"speakers": 2},
        "attribution": {"max_gap": "inf"},
    }
    assert Settings().non_defaults() == {}


def test_a_negative_number_of_threads_is_an_error() -> None:
    with pytest.raises(SettingsError, match="run.threads must not be negative, but is -1"):
        RunSettings(threads=-1)
