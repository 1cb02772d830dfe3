from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from meetscribe import settings as room
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


def test_mappings_are_converted() -> None:
    """A mapping is the same as the dataclass: integers become floats, lists tuples, former names the current ones."""
    given: dict[str, Any] = {
        "asr": {"model": "tiny", "vocabulary": ["Viterbi"], "language": None},
        "attribution": {"pause": 2, "voice": True},
        "run": {"weights": Path("models")},
    }
    settings = Settings(**given)
    assert settings.asr == AsrSettings(model="tiny", vocabulary=("Viterbi",))
    assert settings.attribution == AttributionSettings(pause=2.0, voiceprints=True)
    assert settings.run == RunSettings(weights="models")
    assert isinstance(settings.attribution.pause, float)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"asr": {"modle": "tiny"}}, "unknown setting 'asr.modle': did you mean 'model'"),
        ({"asr": {"beam_size": "5"}}, "'5' for asr.beam_size is not an integer"),
        ({"asr": {"task": "sing"}}, "unknown value 'sing' for asr.task"),
        ({"asr": "tiny"}, "the settings of asr must be AsrSettings or a mapping, not str"),
        ({"run": AsrSettings()}, "the settings of run must be RunSettings or a mapping, not AsrSettings"),
    ],
)
def test_invalid_mappings_raise_at_once(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings(**given)
    assert message in str(raised.value)


def test_the_dataclass_of_each_room_can_be_imported() -> None:
    """`meetscribe.settings` has the classes that the signature of Settings names."""
    assert all(getattr(room, kind.__name__) is kind for kind in ROOMS.values())
    assert {declared.type for declared in fields(Settings)} == {kind.__name__ for kind in ROOMS.values()}
