"""Expressions in the syntax of FTS5, and meetings chosen by SQL.

Terms have only letters, digits, marks, "+" and "#" (`analysis`), and are quoted: no text of a user is syntax.
"""

from __future__ import annotations

import json
from typing import Any

from meetscribe.library.stores.expression import NEAR, AnyOf, Expression, Terms
from meetscribe.library.stores.protocol import CANDIDATES
from meetscribe.library.stores.sqlite_schema import SHIFT
from meetscribe.library.values import Filter

_CHOSEN = """
SELECT number FROM meetings LEFT JOIN access USING (id)
WHERE (:hidden OR (available AND coalesce(access.value, 'open') = 'open'))
AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
AND (:languages IS NULL OR lower(language) IN (SELECT value FROM json_each(:languages))
    OR lower(substr(language, 1, instr(language || '-', '-') - 1)) IN (SELECT value FROM json_each(:languages)))
AND (:after IS NULL OR day >= :after) AND (:before IS NULL OR day < :before)
"""

RANKED = f"""
SELECT number, score FROM (
    SELECT rowid AS number, -bm25(terms, 1.0, 0.0) AS score FROM terms
    WHERE terms MATCH :match AND rowid >> {SHIFT} IN ({_CHOSEN}) ORDER BY rowid DESC LIMIT {CANDIDATES}
) ORDER BY score DESC, number DESC LIMIT :limit
"""
"""The passages that match, the best first."""

LATEST = f"""
SELECT number, 0.0 FROM passages
WHERE number >> {SHIFT} IN ({_CHOSEN})
AND (:excluded IS NULL OR number NOT IN (SELECT rowid FROM terms WHERE terms MATCH :excluded))
ORDER BY number DESC LIMIT :limit
"""
"""All passages without excluded words, those of the latest meeting first."""

MEETINGS = f"""
SELECT meetings.*, access.value AS access FROM meetings LEFT JOIN access USING (id) WHERE number IN ({_CHOSEN})
ORDER BY recorded_at IS NULL, recorded_at DESC, title, id
"""
"""The chosen meetings, the latest first."""


def filter_values(chosen: Filter) -> dict[str, Any]:
    """Return the values of the parameters of a filter."""
    return {
        "hidden": chosen.hidden,
        "ids": None if chosen.ids is None else json.dumps(sorted(chosen.ids)),
        "languages": json.dumps(sorted(map(str.lower, chosen.languages))) if chosen.languages else None,
        "after": chosen.after,
        "before": chosen.before,
    }


def match_text(expression: Expression) -> str:
    """Return an expression that is not empty in the syntax of FTS5.

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
