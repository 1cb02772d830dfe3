"""Languages are given by code or by name."""

from __future__ import annotations

import pytest

from meetscribe.asr.languages import language_code
from meetscribe.errors import SettingsError


@pytest.mark.parametrize(
    ("given", "code"),
    [("en", "en"), ("EN", "en"), ("English", "en"), ("pt-BR", "pt"), ("zh_TW", "zh"), ("nb", "no")],
)
def test_a_language_has_several_names(given: str, code: str) -> None:
    """Codes with or without a region, and English names, are accepted."""
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
