"""Dataclass fields that carry the help text and the constraints of a setting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Literal, TypeVar

T = TypeVar("T")


def option(
    default: T,
    help: str,
    *,
    path: bool | Literal["always"] = False,
    choices: Sequence[str] | Callable[[], Sequence[str]] | None = None,
    secret: bool = False,
    renamed: Sequence[str] = (),
) -> T:
    """Return a dataclass field whose metadata holds `help` and the other arguments.

    `path` marks a value that may be a path relative to the settings file; "always" one that is, even if nothing exists
    there, or a tuple of such paths. `choices` lists the allowed values, or is a function that returns them, called when
    they are needed. `secret` keeps the value out of the repr and of the provenance in a transcript. `renamed` lists
    former names of the key ("key" in the same table, or "table.key"), which are still accepted with a notice.

    >>> from dataclasses import dataclass, fields
    >>> @dataclass(frozen=True)
    ... class PauseSettings:
    ...     pause: float = option(1.0, "seconds of silence that end a segment")
    >>> PauseSettings().pause, fields(PauseSettings)[0].metadata["help"]
    (1.0, 'seconds of silence that end a segment')
    """
    metadata = {
        "help": help,
        "path": bool(path),
        "location": path == "always",
        "choices": choices if choices is None or callable(choices) else tuple(choices),
        "secret": secret,
        "renamed": tuple(renamed),
    }
    return field(default=default, repr=not secret, metadata=metadata)
