"""Invalid settings of speech recognition are refused before anything is loaded."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from faster_whisper.tokenizer import _LANGUAGE_CODES
from whisper.transcribe import transcribe

from meetscribe.asr import ENGINES, AsrSettings
from meetscribe.asr.settings import second_pass
from meetscribe.errors import SettingsError
from meetscribe.text.languages import NAMES


@pytest.mark.parametrize(
    ("wrong", "message"),
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
        ({"script": "cirilic"}, "did you mean 'cyrillic'"),
        ({"script": "latin", "language": "zh"}, "Chinese is written in the scripts simplified and traditional"),
        ({"script": "simplified", "language": "en"}, "English has a single script"),
        ({"multilingual": True, "language": "de"}, "one for all"),
        ({"task": "translate", "model": "openai/whisper-large-v3-turbo"}, "turbo"),
    ],
)
def test_invalid_settings_are_explained(wrong: dict[str, Any], message: str) -> None:
    """The error for an unknown value names the nearest known one."""
    with pytest.raises(SettingsError, match=message):
        AsrSettings(**wrong)


def test_the_defaults_are_those_of_whisper() -> None:
    """The engine is the first of the table."""
    theirs = {name: parameter.default for name, parameter in inspect.signature(transcribe).parameters.items()}
    ours = AsrSettings()
    assert ours.compression_ratio_threshold == theirs["compression_ratio_threshold"]
    assert ours.log_prob_threshold == theirs["logprob_threshold"]
    assert ours.no_speech_threshold == theirs["no_speech_threshold"]
    assert set(ours.temperatures) < set(theirs["temperature"])  # fewer, to bound the time of bad recordings
    assert ours.engine == next(iter(ENGINES))


def test_the_language_is_stored_as_a_code() -> None:
    assert AsrSettings(language="pt-BR").language == "pt"


def test_all_languages_of_whisper_are_known() -> None:
    """The table holds the languages of faster-whisper's tokenizer, each under one name."""
    assert set(NAMES) == set(_LANGUAGE_CODES)
    assert len(set(NAMES.values())) == len(NAMES)
    assert all(name == name.strip() for name in NAMES.values())


def test_the_second_pass_is_greedy() -> None:
    """Speech without words is decoded once, in the language of the recording if it is known."""
    settings = AsrSettings(temperatures=(0.2, 0.6), beam_size=3)
    assert second_pass(settings, "de") == AsrSettings(language="de", temperatures=(0.0,), beam_size=1)
    assert second_pass(settings) == AsrSettings(temperatures=(0.0,), beam_size=1)
