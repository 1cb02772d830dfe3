"""Settings of transcription that cannot work are refused before anything is loaded."""

from __future__ import annotations

from typing import Any

import pytest

from meetscribe.asr import ENGINES, AsrSettings, language_code
from meetscribe.errors import SettingsError
from meetscribe.text.languages import NAMES


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"language": "germna"}, "german"),
        ({"language": "dee"}, "did you mean 'de'"),
        ({"engine": "whisper-x"}, "did you mean 'whisperx'"),
        ({"task": "transcript"}, "did you mean 'transcribe'"),
        ({"compute_type": "float-16"}, "did you mean 'float16'"),
        ({"batch_size": -1}, "batch_size"),
        ({"workers": -1}, "workers"),
        ({"beam_size": 0}, "beam_size"),
        ({"temperatures": ()}, "temperatures"),
        ({"temperatures": (0.0, -0.2)}, "temperatures"),
        ({"multilingual": True, "language": "de"}, "one for all"),
        ({"task": "translate", "model": "openai/whisper-large-v3-turbo"}, "turbo"),
    ],
)
def test_wrong_settings_say_what_is_near(wrong: dict[str, Any], says: str) -> None:
    """An unknown value names the nearest known one."""
    with pytest.raises(SettingsError, match=says):
        AsrSettings(**wrong)


def test_the_defaults_are_whispers() -> None:
    """Thresholds and temperatures are those of openai-whisper's transcribe, and the engine is the first there is."""
    import inspect

    from whisper.transcribe import transcribe

    theirs = {name: parameter.default for name, parameter in inspect.signature(transcribe).parameters.items()}
    ours = AsrSettings()
    assert ours.compression_ratio_threshold == theirs["compression_ratio_threshold"]
    assert ours.log_prob_threshold == theirs["logprob_threshold"]
    assert ours.no_speech_threshold == theirs["no_speech_threshold"]
    assert ours.temperatures == theirs["temperature"]
    assert ours.engine == next(iter(ENGINES))


@pytest.mark.parametrize(
    ("given", "code"),
    [("en", "en"), ("EN", "en"), ("English", "en"), ("pt-BR", "pt"), ("zh_TW", "zh"), ("nb", "no")],
)
def test_a_language_has_many_names(given: str, code: str) -> None:
    """Codes with or without a region, and English names, are understood."""
    assert language_code(given) == code
    assert AsrSettings(language=given).language == code


def test_all_languages_of_whisper_are_known() -> None:
    """The table holds the hundred languages of faster-whisper's tokenizer, each under one name."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    assert set(NAMES) == set(_LANGUAGE_CODES)
    assert len(set(NAMES.values())) == len(NAMES)
    assert all(name == name.strip() for name in NAMES.values())
