"""Stems by language."""

from __future__ import annotations

import pytest

from meetscribe.library.analysis.stemming import stem, stemmer_name
from meetscribe.text.languages import NAMES


@pytest.mark.parametrize(
    ("language", "name"), [("en", "english"), ("pt-BR", "portuguese"), ("nn", "norwegian"), ("ja", None), ("und", None)]
)
def test_a_language_has_the_stemmer_of_its_name(language: str, name: str | None) -> None:
    """The stemmer is chosen by the code of the language; some languages have none."""
    assert stemmer_name(language) == name


def test_many_languages_have_a_stemmer() -> None:
    """Snowball covers at least 25 of Whisper's languages, and each of those returns a stem."""
    names = {name for code in NAMES if (name := stemmer_name(code))}
    assert len(names) >= 25
    assert all(stem("meeting", name) for name in names)
