from __future__ import annotations

import pytest

from meetscribe.errors import SettingsError
from meetscribe.settings import find_key
from meetscribe.settings.conversion import convert


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("asr.beam_size", "3", 3),
        ("attribution.pause", "2", 2.0),
        ("attribution.max_gap", "0.25", 0.25),
        ("alignment.enabled", "off", False),
        ("run.offline", "TRUE", True),
        ("diarization.speakers", "4", 4),
        ("diarization.speakers", "none", None),
        ("asr.language", "auto", None),
        ("asr.language", "German", "German"),
        ("asr.model", "auto", "auto"),
        ("asr.vocabulary", "Ünal, pyannote ,", ("Ünal", "pyannote")),
        ("asr.prompt", "12", "12"),
        ("asr.temperatures", "0, 0.5,1", (0.0, 0.5, 1.0)),
        ("asr.log_prob_threshold", "none", None),
    ],
)
def test_texts_are_parsed_as_the_type_of_the_setting(name: str, text: str, value: object) -> None:
    converted = convert(find_key(name), text, "here", text=True)
    assert (converted, type(converted)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("attribution.pause", 2, 2.0),
        ("asr.vocabulary", ["a", "b c"], ("a", "b c")),
        ("asr.temperatures", [0, 0.5], (0.0, 0.5)),
    ],
)
def test_toml_values_are_converted(name: str, given: object, value: object) -> None:
    """An integer is accepted as a number, an array as a tuple."""
    converted = convert(find_key(name), given, "here", text=False)
    assert (converted, type(converted)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("asr.beam_size", "5", "'5' here is not an integer"),
        ("asr.beam_size", True, "True here is not an integer"),
        ("asr.beam_size", 2.0, "2.0 here is not an integer"),
        ("asr.prompt", 1, "1 here is not a string"),
        ("asr.vocabulary", "a", "'a' here is not a list of strings"),
        ("asr.vocabulary", [1], "[1] here is not a list of strings"),
        ("asr.temperatures", ["hot"], "['hot'] here is not a list of numbers"),
        ("run.offline", 1, "1 here is not true or false"),
        ("vad.pad", True, "True here is not a number"),
        ("attribution.pause", 10**400, f"{10**400} here is not a number"),
        ("asr.engine", "wisperx", "unknown value 'wisperx' here: did you mean 'whisperx'?"),
        ("diarization.token", ["hf_secret"], "the value here is not a string"),
    ],
)
def test_toml_values_of_another_type_are_errors(name: str, given: object, message: str) -> None:
    """The error names the type; the value of a secret is not shown."""
    with pytest.raises(SettingsError) as error:
        convert(find_key(name), given, "here", text=False)
    assert str(error.value) == message


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    assert convert(find_key("asr.model"), "~/m", "here", text=True) == "/home/anna/m"
