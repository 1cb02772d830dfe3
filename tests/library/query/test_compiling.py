"""Queries as expressions."""

from __future__ import annotations

from meetscribe.library.query import compile_query, parse_query
from meetscribe.library.stores.expression import Expression, Near


def test_words_have_the_forms_of_all_languages() -> None:
    """A word is searched for as each language of the library would stem it."""
    assert compile_query(parse_query("Häuser"), ["de", "en"]).words == ((("haus",), ("hauser",)),)


def test_phrases_exclusions_and_names_become_sequences_of_terms() -> None:
    """A phrase is a sequence; names are folded only."""
    expression = compile_query(parse_query('"next year" -travel speaker:"Zoë Berg" ((('), [])
    assert expression == Expression(
        words=((("next", "year"),),), excluded=((("travel",),),), speakers=(("zoe", "berg"),)
    )


def test_words_that_are_near_each_other_are_parts_of_one_condition() -> None:
    """Every two parts must be near each other; a single one is a word."""
    near = compile_query(parse_query('near:"a b c"'), []).near
    assert near == (Near(((("a",),), (("b",),), (("c",),))),)
    assert [pair for pairs in near[0].pairs for pair in pairs] == [
        (("a",), ("b",)),
        (("a",), ("c",)),
        (("b",), ("c",)),
    ]
    assert compile_query(parse_query("near:a"), []) == Expression(words=((("a",),),))
