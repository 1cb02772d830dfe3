"""SQL conditions for filters of meetings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from meetscribe.library.values import Filter


def condition_of(chosen: Filter, in_list: str, known: Collection[str]) -> tuple[str, dict[str, Any]]:
    """Return the condition on a row of `meetings`, with parameters written `:name`, and the values of the parameters.

    `in_list` is the condition that a `{column}` is in the list of the parameter `{name}`; `known` are the languages of
    the library.
    """
    parts: list[str] = [] if chosen.hidden else [_SHOWN]
    values: dict[str, Any] = {}
    if chosen.ids is not None:
        parts.append(in_list.format(column="id", name="ids"))
        values["ids"] = sorted(chosen.ids)
    if chosen.languages:
        parts.append(in_list.format(column="language", name="languages"))
        values["languages"] = [code for code in known if _is_language(code, chosen.languages)]
    if chosen.after is not None:
        parts.append("day >= :after")
        values["after"] = chosen.after
    if chosen.before is not None:
        parts.append("day < :before")
        values["before"] = chosen.before
    return " AND ".join(parts) or "TRUE", values


def _is_language(code: str, wanted: Collection[str]) -> bool:
    """Return whether a language is selected: "pt" and "pt-br" both select "pt-BR"."""
    lower = code.lower()
    return not {lower, lower.partition("-")[0]}.isdisjoint(map(str.lower, wanted))


_SHOWN = "available AND id NOT IN (SELECT id FROM access WHERE value <> 'open')"
"""The condition for meetings that are not hidden; an unknown access means restricted."""
