"""Parse the answers of a model, as untrusted input: JSON, JSON in a fence, or JSON with text around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from meetscribe.minutes.llm.prompts import KINDS
from meetscribe.text.json_values import encodable

MAX_ITEMS = 100
"""The largest number of items read from one answer."""

_MAX_TEXT = 500  # characters
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """An item as given by the model; `cites` are unchecked line ids."""

    kind: str
    text: str
    cites: tuple[str, ...]
    owner: str | None = None
    due: str | None = None


def parse_answers(text: str) -> list[Answer] | None:
    """Return the items in an answer, None if it has no JSON of the expected structure.

    Items without text, kind or citation are left out.

    >>> parse_answers('Sure! {"items": [{"kind": "decision", "text": "Move.", "cites": ["u0001"]}]}')
    [Answer(kind='decision', text='Move.', cites=('u0001',), owner=None, due=None)]
    """
    for value in json_objects(text):
        if isinstance(value.get("items"), list):
            return list(_answers(value["items"][:MAX_ITEMS]))
    return None


def json_objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects in an answer: the whole text, in a fence, or between the outermost braces."""
    for candidate in (text, *_FENCE.findall(text), text[text.find("{") : text.rfind("}") + 1]):
        try:
            value = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def _answers(items: list[object]) -> Iterator[Answer]:
    for item in items:
        if not isinstance(item, dict):
            continue
        kind, text, cites = item.get("kind"), _text(item.get("text")), item.get("cites")
        if kind not in KINDS or not text or not isinstance(cites, list):
            continue
        ids = tuple(dict.fromkeys(one for one in cites if isinstance(one, str)))
        if ids:
            yield Answer(kind, text, ids, _text(item.get("owner")), _text(item.get("due")))


def _text(value: object) -> str | None:
    """Return a short line of text, None for anything else."""
    if not isinstance(value, str) or not value.strip() or value.strip().lower() in ("null", "none", "unknown", "n/a"):
        return None
    return encodable(" ".join(value.split()))[:_MAX_TEXT]
