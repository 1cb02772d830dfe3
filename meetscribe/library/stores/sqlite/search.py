"""Expressions in the syntax of FTS5, and the SQL queries of a search.

Terms consist only of letters, digits, marks, "+" and "#" (`analysis`), and are quoted, so user input is never syntax.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import TypeAlias

from meetscribe.library.stores.expression import NEAR, AnyOf, Expression, Terms
from meetscribe.library.stores.protocol import CANDIDATES
from meetscribe.library.stores.rows import SHIFT
from meetscribe.library.stores.sql_store import Dialect

DIALECT = Dialect(
    in_list="{column} IN (SELECT value FROM json_each(:{name}))",
    ranked=f"""
        SELECT number, score FROM (
            SELECT rowid AS number,
            CASE WHEN :words IS NULL THEN -bm25(terms, 1.0, 0.0) ELSE relevance(words, :words) END AS score
            FROM terms WHERE terms MATCH :match AND rowid >> {SHIFT} IN ({{chosen}})
            ORDER BY rowid DESC LIMIT {CANDIDATES}
        ) ORDER BY score DESC, number DESC LIMIT :limit
    """,
    latest=f"""
        SELECT number, 0.0 AS score FROM passages WHERE number >> {SHIFT} IN ({{chosen}})
        AND (:excluded IS NULL OR number NOT IN (SELECT rowid FROM terms WHERE terms MATCH :excluded))
        ORDER BY number DESC LIMIT :limit
    """,
)
"""The queries of SQLite; list parameters are JSON.

BM25 reads all occurrences of every word, which takes most of the time for common words. It is used only where the
rarity of words matters: if a passage needs only some of the words.
"""

_QueryWords: TypeAlias = tuple[tuple[str, ...], ...]
"""For each word of a query, its alternative sequences; the terms of a sequence are separated by spaces."""


def relevance(terms: str, words: str) -> float:
    """Return the score of a passage with all words of a query, higher for more occurrences in a shorter passage.

    `terms` are the terms of the passage, `words` is the result of `ranked_words`. Occurrences saturate as in BM25 with
    k1 = 1, and the sum is divided by the logarithm of the length, as in PostgreSQL's `ts_rank` with normalization 1.

    >>> round(relevance("the plan and the other plan", '[["plan"], ["the other"]]'), 3)
    0.396
    """
    single = terms.split()
    text = f" {terms} "
    counts = (sum(_count(sequence, single, text) for sequence in forms) for forms in _parsed(words))
    return sum(count / (count + 1) for count in counts) / (1 + math.log(1 + len(single)))


def ranked_words(expression: Expression) -> str | None:
    """Return the words of an expression as JSON for `relevance`, None if a passage needs only some of them."""
    if expression.demand == "any":
        return None
    near = (part for each in expression.near for part in each.parts)
    return json.dumps([[" ".join(terms) for terms in forms] for forms in (*expression.words, *near)])


@lru_cache(maxsize=8)
def _parsed(words: str) -> _QueryWords:
    return tuple(map(tuple, json.loads(words)))


def _count(sequence: str, single: list[str], text: str) -> int:
    return text.count(f" {sequence} ") if " " in sequence else single.count(sequence)


def match_text(expression: Expression) -> str:
    """Return a non-empty expression in the syntax of FTS5.

    >>> match_text(Expression(words=((("budget",), ("budgets",)),), speakers=(("anna",),)))
    '(words : ("budget" OR "budgets")) AND (speaker : ("anna"))'
    """
    words = [f"(words : {_any_of(word)})" for word in expression.words]
    if expression.demand == "any":
        words = [f"({' OR '.join(words)})"] if words else []
    near = [f"(words : {_any_near(pairs)})" for each in expression.near for pairs in each.pairs]
    speakers = [f"(speaker : {_any_of(expression.speakers)})"] if expression.speakers else []
    wanted = " AND ".join((*words, *near, *speakers))
    excluded = excluded_text(expression)
    return f"({wanted}) NOT ({excluded})" if excluded else wanted


def excluded_text(expression: Expression) -> str:
    """Return the exclusions of an expression in the syntax of FTS5, empty if there are none."""
    return " OR ".join(f"(words : {_any_of(word)})" for word in expression.excluded)


def _any_of(sequences: AnyOf) -> str:
    return f"({' OR '.join(map(_phrase, sequences))})"


def _any_near(pairs: tuple[tuple[Terms, Terms], ...]) -> str:
    return f"({' OR '.join(f'NEAR({_phrase(first)} {_phrase(second)}, {NEAR})' for first, second in pairs)})"


def _phrase(terms: Terms) -> str:
    return f'"{" ".join(terms)}"'
