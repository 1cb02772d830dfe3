"""Terms of passages and of queries."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.library.analysis import alternatives, analyze, index_terms, name_terms


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("Meetings were running late.", "en", "meet were run late"),
        ("Häuser, Haus", "de", "haus haus"),
        ("décidé décider", "fr", "decid decid"),
        ("C++ C# c GPT-4o don't", "en", "c++ c# c gpt 4o don t"),
        ("l’avenir", "fr", "l aven"),
        ("予算会議ABC", "ja", "予 算 会 議 abc"),
        ("예산을 검토", "ko", "예 산 을 검 토"),
        ("a_b a+b", "und", "a b a b"),
        ("(((", "en", ""),
    ],
)
def test_text_becomes_terms(text: str, language: str, terms: str) -> None:
    """Words are folded and stemmed; characters of scripts without spaces are single terms; names of languages stay."""
    assert index_terms(text, language)[0] == terms


@given(st.text(), st.sampled_from(["en", "de", "ja", "ru", "hi", "und"]))
def test_terms_need_no_escaping_and_their_places_are_in_the_text(text: str, language: str) -> None:
    """Terms have no white space, quotes or operators of any query language, and each has a place in the text."""
    terms = list(analyze(text, language))

    assert " ".join(term.term for term in terms) == index_terms(text, language)[0]
    assert all(term.term and not re.search(r"[\s\"'()*:^&|!<>\\{}\x00-\x1f]", term.term) for term in terms)
    assert all(0 <= term.start < term.end <= len(text) for term in terms)
    assert all(one.end <= other.start for one, other in zip(terms, terms[1:], strict=False))


def test_the_vocabulary_has_the_words_that_parts_are_looked_for_in() -> None:
    """Short words, numbers and scripts without spaces are left out."""
    assert index_terms("Die Projektplanungen 12345 der 予算会議", "de")[1] == {("projektplanungen", "projektplan")}


def test_a_query_has_an_alternative_for_each_different_stem() -> None:
    """The language of a query is unknown, so it is stemmed as each language of the library; stems differ or not."""
    assert alternatives("Häuser", ["de", "en"]) == (("haus",), ("hauser",))
    assert alternatives("plan", ["de", "en", "ja"]) == (("plan",),)
    assert alternatives("?!", ["de"]) == ()


def test_a_name_is_folded_only() -> None:
    """Names keep their endings."""
    assert name_terms("Zoë Running-Berg") == "zoe running berg"
