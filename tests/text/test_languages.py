from __future__ import annotations

import re

import pytest

from meetscribe.text.languages import NAMES, UNKNOWN, code_of, name_of, three_letters


def test_codes_are_unambiguous() -> None:
    """Every language has a code, a three-letter code and a name of its own, each of which leads back to the code."""
    for code, name in NAMES.items():
        assert code_of(code) == code_of(name.title()) == code_of(three_letters(code)) == code
        assert re.fullmatch("[a-z]{3}", three_letters(code))
        assert name_of(code) == name


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("pt_BR", "pt-BR"),
        ("  German ", "de"),
        ("", UNKNOWN),
        ("klingon!", "und"),
        ("ger", "de"),
        ("chi", "zh"),
        ("Español", "es"),
    ],
)
def test_codes_of_other_spellings(language: str, code: str) -> None:
    """Regions are kept, names are recognised in any case, and what is no language is unknown."""
    assert code_of(language) == code


@pytest.mark.parametrize(
    ("code", "three", "name"), [("de-AT", "deu", "german"), ("nds", "nds", "nds"), ("x", "und", "x")]
)
def test_codes_outside_the_table(code: str, three: str, name: str) -> None:
    """A region does not change the language; a language that is not in the table keeps its code."""
    assert three_letters(code) == three
    assert name_of(code) == name
