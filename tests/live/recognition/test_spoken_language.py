"""The language is fixed when it is certain or enough was heard."""

from __future__ import annotations

from meetscribe.asr import AsrSettings
from meetscribe.live.recognition.spoken_language import SpokenLanguage


def test_a_certain_language_is_fixed_at_once() -> None:
    language = SpokenLanguage(AsrSettings(), ("de", "en"))
    assert language.update({"de": 0.9, "en": 0.1}, 3.0, final=False) == "de"
    assert language.fixed == "de"


def test_an_uncertain_one_after_ten_seconds() -> None:
    """Until then each window may be decoded in another language."""
    language = SpokenLanguage(AsrSettings(), ("de", "en"))
    assert language.update({"de": 0.6, "en": 0.4}, 4.0, final=True) == "de"
    assert language.fixed is None
    assert language.update({"de": 0.3, "en": 0.7}, 7.0, final=True) == "en"
    assert language.fixed == "en"


def test_given_and_only_languages_are_not_detected() -> None:
    assert SpokenLanguage(AsrSettings(language="fr"), ("de", "fr")).fixed == "fr"
    assert SpokenLanguage(AsrSettings(), ("en",)).fixed == "en"


def test_several_languages_are_never_fixed() -> None:
    language = SpokenLanguage(AsrSettings(multilingual=True), ("de", "en"))
    assert language.update({"de": 0.99, "en": 0.01}, 30.0, final=True) == "de"
    assert language.fixed is None
