"""Minutes as JSON, schema "meetscribe-minutes/1"; reading a written file returns equal minutes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from meetscribe.errors import JSON, InputError, Notice
from meetscribe.text.json_values import as_json
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.notes import (
    Citation,
    Coverage,
    Due,
    Item,
    ItemKind,
    Minutes,
    Person,
    Status,
    Topic,
    Verdict,
)

SCHEMA = "meetscribe-minutes/1"
"""The value of the member "schema"."""

_T = TypeVar("_T")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the files."""
    file = Path(__file__).with_name("minutes-1.schema.json")
    return cast("dict[str, Any]", json.loads(file.read_text(encoding="utf-8")))


def dumps(minutes: Minutes) -> str:
    """Return minutes as JSON; items have their ids, which are derived from their citations."""
    return json.dumps({"schema": SCHEMA, **_members(minutes)}, ensure_ascii=False, indent=1) + "\n"


def loads(text: str | bytes, name: str = "") -> Minutes:
    """Read minutes from JSON; raises InputError with the path of the invalid value."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name or 'the minutes'}: not JSON: {error}", "Create the file again.") from error
    node = Node(value, name)
    if str(node["schema"].value).startswith("meetscribe/"):
        make = f"meetscribe minutes {shlex.quote(name or 'MEETING')} -o NAME.minutes.json"
        raise InputError(
            f"{name or 'the file'} holds a transcript, not minutes", f"Give minutes, as written by: {make}"
        )
    if node["schema"].value != SCHEMA:
        node["schema"].fail(f'expected "{SCHEMA}"')
    return _made(node, _minutes)


def _members(value: Any) -> dict[str, JSON]:
    """Return the fields of a dataclass as a JSON object; an item begins with its id."""
    members: dict[str, JSON] = {"id": value.id} if isinstance(value, Item) else {}
    for one in fields(value):
        members[one.name] = _json(getattr(value, one.name))
    return members


def _json(value: Any) -> JSON:
    if is_dataclass(value):
        return _members(value)
    return [_json(one) for one in value] if isinstance(value, tuple) else as_json(value)


def _made(node: Node, make: Callable[[Node], _T]) -> _T:
    """Return a value made from a node; a ValueError becomes an InputError with the path of the node."""
    try:
        return make(node)
    except ValueError as error:
        node.fail(str(error))


def _all(node: Node, make: Callable[[Node], _T]) -> tuple[_T, ...]:
    return tuple(_made(one, make) for one in node.items())


def _optional(node: Node, make: Callable[[Node], _T]) -> _T | None:
    return None if node.value is None else _made(node, make)


def _minutes(node: Node) -> Minutes:
    return Minutes(
        node["language"].text(),
        node["transcript"].text(),
        _all(node["items"], _item),
        node["title"].optional_text(),
        node["recorded_at"].optional_text(),
        _all(node["participants"], _person),
        _all(node["summary"], _citation),
        _all(node["topics"], _topic),
        _all(node["candidates"], _item),
        _made(node["coverage"], _coverage),
        _all(node["notices"], _notice),
    )


def _item(node: Node) -> Item:
    score = node["score"].number()
    return Item(
        cast(ItemKind, node["kind"].text()),
        node["text"].text(),
        _all(node["citations"], _citation),
        _all(node["owners"], _person),
        node["everyone"].flag(),
        _optional(node["due"], lambda due: Due(due["said"].text(), due["day"].optional_text())),
        _all(node["agreed_by"], _person),
        cast(Status, node["status"].text()),
        score,
        _optional(node["said"], _verdict),
        _optional(node["supported"], _verdict),
    )


def _citation(node: Node) -> Citation:
    return Citation(node["first_word"].text(), node["last_word"].text(), node["quote"].text())


def _person(node: Node) -> Person:
    return Person(node["name"].text(), node["word"].optional_text())


def _verdict(node: Node) -> Verdict:
    problems = tuple(one.text() for one in node["problems"].items())
    return Verdict(node["passed"].flag(), node["by"].text(), node["score"].optional_number(), problems)


def _topic(node: Node) -> Topic:
    return Topic(
        node["start"].number(),
        node["end"].number(),
        tuple(one.text() for one in node["terms"].items()),
        node["title"].optional_text(),
        node["first_word"].optional_text(),
        node["last_word"].optional_text(),
    )


def _coverage(node: Node) -> Coverage:
    return Coverage(node["share"].number(), node["by"].text(), tuple(one.text() for one in node["cut"].items()))


def _notice(node: Node) -> Notice:
    data = node["data"].value
    return Notice(node["code"].text(), node["text"].text(), data if isinstance(data, dict) else {})
