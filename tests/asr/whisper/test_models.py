"""The Whisper models of each layout."""

from __future__ import annotations

import pytest

from meetscribe.asr.whisper.models import CTRANSLATE2, MLX, OPENAI, TRANSFORMERS, WhisperModels
from meetscribe.errors import SettingsError

ALL = pytest.mark.parametrize("models", [CTRANSLATE2, TRANSFORMERS, OPENAI, MLX])


@ALL
def test_defaults_are_known_models(models: WhisperModels) -> None:
    """The default depends on the device, and can do the task."""
    known = {name for names in models.known() for name in names}
    for device in ("cpu", "cuda", "mps"):
        for task in ("transcribe", "translate"):
            name = models.default(task, device)
            assert name in known
            models.check(name, task)
    assert (models.default("transcribe", "cpu"), models.default("transcribe", "cuda")) == ("small", "large-v3-turbo")


@ALL
def test_each_model_is_listed_once(models: WhisperModels) -> None:
    """All names of an entry stand for the same files, and English models are marked."""
    specs = [{models.spec(name) for name in names} for names in models.known()]
    assert all(len(found) == 1 for found in specs)
    assert len({spec.model for found in specs for spec in found}) == len(specs)
    for names, languages in models.known().items():
        assert (languages == ("en",)) == any(name.endswith(".en") or name.startswith("distil") for name in names)


def test_turbo_models_cannot_translate() -> None:
    CTRANSLATE2.check("turbo", "transcribe")
    with pytest.raises(SettingsError, match="turbo"):
        CTRANSLATE2.check("openai/whisper-large-v3-turbo", "translate")


@pytest.mark.parametrize(("model", "language"), [("small.en", "en"), ("small", None), ("me/whisper-de", None)])
def test_the_language_of_an_english_model_is_known(model: str, language: str | None) -> None:
    assert CTRANSLATE2.language(model) == language
