"""Edits described in words, for logs and messages."""

from __future__ import annotations

from collections.abc import Mapping

from meetscribe.text.whitespace import one_line
from meetscribe.transcript.display import clock
from meetscribe.transcript.edits.values import Assign, Delete, Edit, Insert, Join, Merge, Rename, Replace, Retime, Split

MAX_QUOTE_LENGTH = 60
"""The maximum length of a quoted text in characters."""


def describe_edit(edit: Edit, names: Mapping[str, str] | None = None) -> str:
    """Describe an edit in words; `names` are the names of speakers by label, if known.

    >>> describe_edit(Assign(723, 730, "Ben")), describe_edit(Merge(("A", "B", "C")))
    ('assign 0:12:03.0-0:12:10.0 to Ben', 'merge B, C into A')
    >>> describe_edit(Assign(723, 730, "SPEAKER_01"), {"SPEAKER_01": "Ben"})
    'assign 0:12:03.0-0:12:10.0 to Ben'
    """
    if isinstance(edit, Rename):
        renamed = ", ".join(f"{one_line(label)} to {one_line(name)}" for label, name in edit.names.items())
        return f"rename {renamed}{_describe_source(edit)}"
    if isinstance(edit, Merge):
        first, *others = (_named(label, names) for label in edit.speakers)
        return f"merge {', '.join(others)} into {first}"
    if isinstance(edit, Assign):
        return f"assign {clock(edit.start)}-{clock(edit.end)} to {_named(edit.speaker, names)}"
    return _describe_word_edit(edit, names)


def _named(label: str, names: Mapping[str, str] | None) -> str:
    """Return the name of a speaker on one line, else the label."""
    return one_line((names or {}).get(label, "")) or one_line(label)


def _describe_source(edit: Rename) -> str:
    """Return the source of names in brackets, with similarity and margin if known; empty if a person gave them."""
    if edit.source is None:
        return ""
    score = "" if edit.score is None else f", similarity {edit.score:.2f}"
    margin = "" if edit.margin is None else f", margin {edit.margin:.2f}"
    return f" ({edit.source}{score}{margin})"


def quoted(text: str) -> str:
    """Return the text in quotation marks, on one line and shortened.

    >>> quoted("Good morning.")
    '“Good morning.”'
    """
    line = one_line(text)
    return f"“{line if len(line) <= MAX_QUOTE_LENGTH else f'{line[: MAX_QUOTE_LENGTH - 2]} …'}”"


def _describe_word_edit(
    edit: Replace | Delete | Insert | Split | Join | Retime, names: Mapping[str, str] | None = None
) -> str:
    """Describe an edit of words; a split or join comes before the quoted words."""
    span = f"{clock(edit.start)}-{clock(edit.end)}"
    if isinstance(edit, Replace):
        return f"replace {span} {quoted(edit.quote)} by {quoted(edit.text)}"
    if isinstance(edit, Delete):
        return f"delete {span} {quoted(edit.quote)}"
    if isinstance(edit, Insert):
        speaker = "" if edit.speaker is None else f" ({_named(edit.speaker, names)})"
        return f"insert {clock(edit.start)} {quoted(edit.text)}{speaker}"
    if isinstance(edit, Retime):
        return f"retime {span} {quoted(edit.quote)}"
    return f"{edit.kind} {clock(edit.start)} before {quoted(edit.quote)}"
