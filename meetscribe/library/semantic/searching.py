"""Search in a store by words and by meaning."""

from __future__ import annotations

from itertools import islice

from meetscribe.library.analysis import name_terms
from meetscribe.library.query import Query, compile_query
from meetscribe.library.searching import hits_of, matched_spans, search
from meetscribe.library.semantic.embedding import Embedder
from meetscribe.library.semantic.fusion import fuse
from meetscribe.library.semantic.vectors import nearest
from meetscribe.library.stores.expression import Expression
from meetscribe.library.stores.protocol import Store
from meetscribe.library.values import Filter, Hit, Results

CANDIDATES = 1000
"""The number of nearest passages to which conditions on the speaker and excluded words are applied."""


def search_by_meaning(store: Store, query: Query, chosen: Filter, limit: int, embedder: Embedder) -> Results:
    """Return the word matches and the passages nearest in meaning, fused by rank.

    The words and phrases of the query are compared by meaning; its fields and exclusions apply. Of hits with equal
    scores, a match of all words precedes one by meaning, which precedes a match of some words.
    """
    by_words = search(store, query, chosen, limit)
    expression = compile_query(query, store.languages())
    if not (expression.words or expression.near):
        return by_words
    text = " ".join((*query.words, *query.phrases, *query.near))
    is_limited = bool(expression.speakers or expression.excluded)
    matches = nearest(store, embedder, text, chosen, CANDIDATES if is_limited else limit)
    admitted = (hit for hit in hits_of(store, matches, expression, "meaning") if _admits(expression, hit))
    by_meaning = tuple(islice(admitted, limit))
    is_partial = all(hit.kind == "some" for hit in by_words.hits)
    lists = (by_meaning, by_words.hits) if is_partial else (by_words.hits, by_meaning)
    hits = fuse(lists, limit)
    return Results(hits, "" if hits else by_words.reason)


def _admits(expression: Expression, hit: Hit) -> bool:
    """Return whether a passage is by one of the speakers and contains none of the excluded words."""
    name = f" {name_terms(hit.passage.speaker or '')} "
    excluded = Expression(words=expression.excluded)
    is_by = not expression.speakers or any(f" {' '.join(terms)} " in name for terms in expression.speakers)
    return is_by and not matched_spans(hit.passage.text, hit.meeting.language, excluded)
