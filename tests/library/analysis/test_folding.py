"""Folding of letters for search."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from meetscribe.library.analysis.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Größe", "grosse"),
        ("STRASSE", "strasse"),
        ("CAFÉ", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Łódź", "lodz"),
        ("Ёлка", "елка"),
        ("Чайковский", "чайковский"),
        ("ﬁnal", "final"),
        ("ＡＢＣ１", "abc1"),
        ("ガス", "ガス"),
        ("हिन्दी", "हिन्दी"),
        ("한국어", "한국어"),
        ("مُحَمَّد", "محمد"),
        ("İstanbul", "istanbul"),
    ],
)
def test_case_and_diacritics_are_folded_but_letters_stay(text: str, folded: str) -> None:
    """Case, accents and compatibility forms disappear; marks that make another letter stay."""
    assert fold(text) == folded


@example("㋌")  # "Hg"
@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    """A folded text stays as it is, so that queries and passages may be folded by any number of steps."""
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_text_is_the_same(text: str) -> None:
    """The same text in both normal forms is found by the other."""
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))
