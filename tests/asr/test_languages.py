"""Languages are given by code or by name."""

from __future__ import annotations

import pytest

from meetscribe.asr.languages import check_language, language_code
from meetscribe.errors import SettingsError


@pytest.mark.parametrize(
    ("given", "code"),
    [("en", "en"), ("EN", "en"), ("English", "en"), ("pt-BR", "pt"), ("zh_TW", "zh"), ("nb", "no")]
    + [("spa", "es"), ("GER", "de"), ("deu-AT", "de"), ("fre", "fr"), ("fra", "fr"), ("cmn", "zh"), ("yue", "yue")],
)
def test_a_language_has_several_names(given: str, code: str) -> None:
    """Codes of two or three letters, with or without a region, and English names, are accepted."""
    assert language_code(given) == code


def test_only_languages_of_the_engine_are_accepted() -> None:
    """An engine may have languages that Whisper does not know, and lack those that it knows."""
    assert language_code("EO", ["eo", "ia"]) == "eo"
    assert language_code("nb", ["nb", "eo"]) == "nb"
    with pytest.raises(SettingsError, match="unknown language 'de'") as error:
        language_code("de", ["eo", "ia"])
    assert "eo or ia" in error.value.remedy


@pytest.mark.parametrize(("wrong", "nearest"), [("germna", "german"), ("dee", "did you mean 'de'")])
def test_an_unknown_language_names_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(SettingsError, match=nearest):
        language_code(wrong)


def test_a_language_that_the_model_lacks_is_named() -> None:
    """The message has the model as it was given, and the name of the language."""
    check_language("de", "my/model", ("en", "de"))
    with pytest.raises(SettingsError, match="the model my/model does not support Spanish"):
        check_language("es", "my/model", ("en", "de"))
    with pytest.raises(SettingsError, match=r"small.en supports English only, and not Spanish"):
        check_language("es", "small.en", ("en",))
