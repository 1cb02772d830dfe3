"""Expressions in the syntax of tsquery, passages as tsvector, and meetings chosen by SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from meetscribe.library.stores.expression import NEAR, AnyOf, Expression, Terms
from meetscribe.library.stores.protocol import CANDIDATES
from meetscribe.library.stores.sqlite_schema import SHIFT
from meetscribe.library.values import Filter

_FIRST_WORD = 101  # positions of words, after those of the speaker's name
_LAST_POSITION = 16383  # of a tsvector

_CHOSEN = """
SELECT number FROM meetings LEFT JOIN access USING (id)
WHERE (%(hidden)s OR (available AND coalesce(access.value, 'open') = 'open'))
AND (%(ids)s::text[] IS NULL OR id = ANY (%(ids)s))
AND (%(languages)s::text[] IS NULL OR lower(language) = ANY (%(languages)s)
    OR lower(split_part(language, '-', 1)) = ANY (%(languages)s))
AND (%(after)s::text IS NULL OR day >= %(after)s) AND (%(before)s::text IS NULL OR day < %(before)s)
"""

RANKED = f"""
SELECT number, ts_rank('{{1, 0, 0, 0}}', terms, %(match)s::tsquery, 1) AS score FROM (
    SELECT number, terms FROM passages
    WHERE terms @@ %(match)s::tsquery AND number >> {SHIFT} IN ({_CHOSEN}) ORDER BY number DESC LIMIT {CANDIDATES}
) AS latest ORDER BY score DESC, number DESC LIMIT %(limit)s
"""
"""The passages that match, the best first."""

LATEST = f"""
SELECT number, 0.0::real AS score FROM passages
WHERE number >> {SHIFT} IN ({_CHOSEN}) AND (%(excluded)s::text IS NULL OR NOT terms @@ %(excluded)s::tsquery)
ORDER BY number DESC LIMIT %(limit)s
"""
"""All passages without excluded words, those of the latest meeting first."""

MEETINGS = f"""
SELECT meetings.*, access.value AS access FROM meetings LEFT JOIN access USING (id) WHERE number IN ({_CHOSEN})
ORDER BY recorded_at IS NULL, recorded_at COLLATE "C" DESC, title COLLATE "C", id COLLATE "C"
"""
"""The chosen meetings, the latest first."""


def filter_values(chosen: Filter) -> dict[str, Any]:
    """Return the values of the parameters of a filter."""
    return {
        "hidden": chosen.hidden,
        "ids": None if chosen.ids is None else sorted(chosen.ids),
        "languages": sorted(map(str.lower, chosen.languages)) or None,
        "after": chosen.after,
        "before": chosen.before,
    }


def vector_text(words: str, name: str) -> str:
    """Return terms separated by spaces as a tsvector.

    >>> vector_text("the plan", "anna")
    "'anna':1A 'the':101 'plan':102"
    """
    names = (f"'{term}':{place}A" for place, term in enumerate(name.split()[: _FIRST_WORD - 1], 1))
    places = enumerate(words.split(), _FIRST_WORD)
    return " ".join((*names, *(f"'{term}':{min(place, _LAST_POSITION)}" for place, term in places)))


def match_text(expression: Expression) -> str:
    """Return an expression that is not empty in the syntax of tsquery.

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
    """Return a condition that one of the pairs is near each other, in either order, as a list of exact distances."""
    orders = ((_phrase(a), _phrase(b)) for first, second in pairs for a, b in ((first, second), (second, first)))
    distances = range(1, NEAR + 2)
    return f"({' | '.join(f'({a} <{distance}> {b})' for a, b in orders for distance in distances)})"


def _phrase(terms: Terms, label: str = "D") -> str:
    text = " <-> ".join(f"'{term}':{label}" for term in terms)
    return text if len(terms) == 1 else f"({text})"
