"""Loading the engine that the settings name."""

from __future__ import annotations

from typing import Any

import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.loading import load_engine, supported_settings
from meetscribe.errors import SettingsError
from tests.asr.sample_engines import CPU, PLAN


def test_a_model_must_be_named() -> None:
    """Resolving "auto" is up to the room `models`."""
    with pytest.raises(SettingsError, match="name a model"):
        load_engine(AsrSettings(), CPU, PLAN)


@pytest.mark.parametrize(
    ("engine", "module", "package"),
    [("openai-whisper", "whisper", "openai-whisper"), ("mlx-whisper", "mlx", "mlx-whisper")],
)
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, engine: str, module: str, package: str) -> None:
    """The remedy is a command that installs the package, not an extra of meetscribe."""

    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named '{module}'", name=module)

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(SettingsError, match=f"needs the package {module}") as error:
        load_engine(AsrSettings(engine=engine, model="x"), CPU, PLAN)
    assert f"pip install {package})" in error.value.remedy
    assert "meetscribe[" not in str(error.value)


def test_defaults_that_an_engine_does_not_support_are_neutral() -> None:
    """The default beam size becomes 1 without beam search, and all other settings stay."""
    settings = AsrSettings(engine="mlx-whisper", language="de")
    assert supported_settings(settings) == AsrSettings(engine="mlx-whisper", language="de", beam_size=1)
    assert supported_settings(AsrSettings()) == AsrSettings()
