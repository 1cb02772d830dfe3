"""Compilation of queries to expressions over the terms of the index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias

from meetscribe.library.analysis import alternatives, name_terms
from meetscribe.library.query.parsing import Query
from meetscribe.library.stores.expression import AnyOf, Expression, Near

TermsContaining: TypeAlias = Callable[[str], Iterable[str]]
"""A function that returns the terms of the words that contain a part."""

_MIN_PART_LENGTH = 3  # characters of a part to search for in longer words


def compile_query(
    query: Query, languages: Collection[str], terms_containing: TermsContaining | None = None
) -> Expression:
    """Return the expression of a query in a library with meetings in these languages.

    With `terms_containing`, each word also matches as a part of a longer word. Words without a letter or a digit are
    ignored.
    """
    words = (_with_containing(alternatives(text, languages), terms_containing) for text in query.words)
    phrases = (alternatives(text, languages) for text in query.phrases)
    near = [Near(_present(alternatives(word, languages) for word in text.split())) for text in query.near]
    names = (tuple(name_terms(name).split()) for name in query.speakers)
    return Expression(
        # A single word in `near` is an ordinary word.
        words=_present((*words, *phrases, *(each.parts[0] for each in near if len(each.parts) == 1))),
        near=tuple(each for each in near if len(each.parts) > 1),
        excluded=_present(alternatives(text, languages) for text in query.excluded),
        speakers=tuple(name for name in names if name),
    )


def _with_containing(forms: AnyOf, terms_containing: TermsContaining | None) -> AnyOf:
    """Return the forms of a word, and the terms of longer words that contain it."""
    if terms_containing is None:
        return forms
    parts = [terms[0] for terms in forms if len(terms) == 1 and len(terms[0]) >= _MIN_PART_LENGTH]
    return tuple(dict.fromkeys((*forms, *((term,) for part in parts for term in terms_containing(part)))))


def _present(found: Iterable[AnyOf]) -> tuple[AnyOf, ...]:
    """Return the alternatives that are not empty."""
    return tuple(each for each in found if each)
