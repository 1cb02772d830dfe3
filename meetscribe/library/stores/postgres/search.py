"""Expressions as tsquery, passages as tsvector, and the SQL queries of a search."""

from __future__ import annotations

from collections.abc import Iterable

from meetscribe.library.stores.expression import NEAR, AnyOf, Expression, Terms
from meetscribe.library.stores.protocol import CANDIDATES
from meetscribe.library.stores.rows import SHIFT
from meetscribe.library.stores.sql_store import Dialect

_FIRST_WORD = 101  # the position of the first word; the lower ones are for the speaker's name
_LAST_POSITION = 16383  # the largest position in a tsvector

DIALECT = Dialect(
    in_list="{column} = ANY (:{name})",
    ranked=f"""
        SELECT number, ts_rank('{{{{1, 0, 0, 0}}}}', terms, :match::tsquery, 1) AS score FROM (
            SELECT number, terms FROM passages
            WHERE terms @@ :match::tsquery AND number >> {SHIFT} IN ({{chosen}}) ORDER BY number DESC LIMIT {CANDIDATES}
        ) AS latest ORDER BY score DESC, number DESC LIMIT :limit
    """,
    latest=f"""
        SELECT number, 0.0::real AS score FROM passages
        WHERE number >> {SHIFT} IN ({{chosen}}) AND (:excluded::text IS NULL OR NOT terms @@ :excluded::tsquery)
        ORDER BY number DESC LIMIT :limit
    """,
    binary=' COLLATE "C"',
)
"""The queries of PostgreSQL. The weights of `ts_rank` are those of the labels D, C, B and A: only words count."""


def vector_text(words: str, name: str) -> str:
    """Return terms separated by spaces as a tsvector.

    >>> vector_text("the plan", "anna")
    "'anna':1A 'the':101 'plan':102"
    """
    names = (f"'{term}':{position}A" for position, term in enumerate(name.split()[: _FIRST_WORD - 1], 1))
    positions = enumerate(words.split(), _FIRST_WORD)
    return " ".join((*names, *(f"'{term}':{min(position, _LAST_POSITION)}" for position, term in positions)))


def match_text(expression: Expression) -> str:
    """Return a non-empty expression in the syntax of tsquery.

    >>> match_text(Expression(words=((("budget",), ("next", "year")),), speakers=(("anna",),)))
    "('budget':D | ('next':D <-> 'year':D)) & ('anna':A)"
    """
    words = [_any_of(word) for word in expression.words]
    if expression.demand == "any":
        words = [f"({' | '.join(words)})"] if words else []
    near = [_any_near(pairs) for each in expression.near for pairs in each.pairs]
    speakers = [_any_of(expression.speakers, "A")] if expression.speakers else []
    excluded = excluded_text(expression)
    return " & ".join((*words, *near, *speakers, *([f"!({excluded})"] if excluded else [])))


def excluded_text(expression: Expression) -> str:
    """Return the exclusions of an expression in the syntax of tsquery, empty if there are none."""
    return " | ".join(map(_any_of, expression.excluded))


def _any_of(sequences: AnyOf, label: str = "D") -> str:
    return f"({' | '.join(_phrase(terms, label) for terms in sequences)})"


def _any_near(pairs: Iterable[tuple[Terms, Terms]]) -> str:
    """Return the condition that the sequences of one pair occur near each other, in either order.

    tsquery has exact distances only, so the condition lists all of them.
    """
    orders = ((_phrase(a), _phrase(b)) for first, second in pairs for a, b in ((first, second), (second, first)))
    distances = range(1, NEAR + 2)
    return f"({' | '.join(f'({a} <{distance}> {b})' for a, b in orders for distance in distances)})"


def _phrase(terms: Terms, label: str = "D") -> str:
    text = " <-> ".join(f"'{term}':{label}" for term in terms)
    return text if len(terms) == 1 else f"({text})"
