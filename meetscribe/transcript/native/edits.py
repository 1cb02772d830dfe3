"""Read the edits of native JSON, from this and older versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meetscribe.transcript.edits.values import Assign, Delete, Edit, Insert, Join, Merge, Rename, Replace, Retime, Split
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.native.checks import check_times, guarded


def read_edits(node: Node) -> tuple[Edit, ...]:
    """Read the edits in order; older files have an object with names by label instead.

    Raises InputError for an unknown kind: skipping the edit would silently change the corrected transcript.
    """
    if isinstance(node.value, dict):
        return (Rename(_names(node)),) if node.value else ()
    return tuple(map(_read_edit, node.items()))


def _read_edit(node: Node) -> Edit:
    kind = node["kind"]
    read = _READERS.get(kind.text())
    if read is None:
        *known, last = _READERS
        expected = f"expected {', '.join(known)} or {last}"
        kind.fail(f"{expected}, found {kind.value!r}, perhaps from a newer version of meetscribe")
    return read(node)


def _rename(node: Node) -> Edit:
    return guarded(
        node,
        Rename,
        names=_names(node["names"]),
        made=node["made"].optional_text(),
        source=node.get("source").optional_text(),
        score=node.get("score").optional_number(),
        margin=node.get("margin").optional_number(),
    )


def _merge(node: Node) -> Edit:
    return guarded(node, Merge, speakers=_texts(node["speakers"]), made=node["made"].optional_text())


def _assign(node: Node) -> Edit:
    return guarded(node, Assign, **_times(node), speaker=node["speaker"].text(), made=node["made"].optional_text())


def _replace(node: Node) -> Edit:
    words, text = _texts(node["words"]), node["text"].text()
    return guarded(node, Replace, id=node["id"].text(), words=words, text=text, **_common(node))


def _delete(node: Node) -> Edit:
    return guarded(node, Delete, words=_texts(node["words"]), **_common(node))


def _insert(node: Node) -> Edit:
    return guarded(
        node,
        Insert,
        id=node["id"].text(),
        after=node["after"].optional_text(),
        before=node["before"].optional_text(),
        text=node["text"].text(),
        speaker=node["speaker"].optional_text(),
        new_segment=node["new_segment"].flag(),
        **_common(node),
    )


def _split(node: Node) -> Edit:
    return guarded(node, Split, word=node["word"].text(), **_common(node))


def _join(node: Node) -> Edit:
    return guarded(node, Join, words=_texts(node["words"]), **_common(node))


def _retime(node: Node) -> Edit:
    times = tuple(tuple(time.number() for time in span.items()) for span in node["times"].items())
    for span, pair in zip(node["times"].items(), times, strict=True):
        if len(pair) != 2:
            span.fail(f"expected a start and an end, found {len(pair)} numbers")
    exact = node["exact"].flag()
    return guarded(node, Retime, words=_texts(node["words"]), times=times, exact=exact, **_common(node))


_READERS: dict[str, Callable[[Node], Edit]] = {
    Rename.kind: _rename,
    Merge.kind: _merge,
    Assign.kind: _assign,
    Replace.kind: _replace,
    Delete.kind: _delete,
    Insert.kind: _insert,
    Split.kind: _split,
    Join.kind: _join,
    Retime.kind: _retime,
}


def _common(node: Node) -> dict[str, Any]:
    """Return the members that all edits of words share."""
    return {
        "quote": node["quote"].text(),
        **_times(node),
        "made": node["made"].optional_text(),
        "source": node["source"].optional_text(),
    }


def _times(node: Node) -> dict[str, Any]:
    start, end = node["start"].number(), node["end"].number()
    check_times(node, start, end)
    return {"start": start, "end": end}


def _texts(node: Node) -> tuple[str, ...]:
    return tuple(item.text() for item in node.items())


def _names(node: Node) -> dict[str, str]:
    return {label: name.text() for label, name in node.entries()}
