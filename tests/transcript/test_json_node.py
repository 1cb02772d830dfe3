from __future__ import annotations

from collections.abc import Callable

import pytest

from meetscribe.errors import InputError
from meetscribe.transcript.json_node import Node

DOCUMENT = Node({"a": [{"b": "text"}, {"b": 1, "c": None, "d": True}]}, "m.json")


def test_values_are_read_as_one_type() -> None:
    """Each method returns its type; null is None where it is allowed, an absent member the default."""
    first, second = DOCUMENT["a"].items()
    assert (first["b"].text(), second["b"].number(), second["d"].flag()) == ("text", 1.0, True)
    assert (second["c"].optional_text(), second["c"].optional_number(), second.get("e", 5).value) == (None, None, 5)
    assert ("c" in second, "c" in first) == (True, False)


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda node: node["x"], "m.json: x: missing"),
        (lambda node: node["a"].text(), "m.json: a: expected text, found a list"),
        (lambda node: next(node["a"].items())["b"].number(), "m.json: a[0].b: expected a number, found text"),
        (
            lambda node: list(node["a"].items())[1]["d"].number(),
            "m.json: a[1].d: expected a number, found true or false",
        ),
        (lambda node: node["a"].get("b"), "m.json: a: expected an object, found a list"),
        (lambda node: list(node.items()), "m.json: expected a list, found an object"),
    ],
)
def test_errors_name_the_place(read: Callable[[Node], object], message: str) -> None:
    """An error has the name of the document and the path of the value."""
    with pytest.raises(InputError) as caught:
        read(DOCUMENT)
    assert caught.value.message == message
