"""The field of a settings dataclass that carries its own help; reading and checking settings is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TypeVar

T = TypeVar("T")


def option(
    default: T,
    help: str,
    *,
    path: bool = False,
    choices: Sequence[str] | None = None,
    secret: bool = False,
) -> T:
    """A dataclass field with `default`, whose metadata holds `help`, `path`, `choices` and `secret`.

    `path` marks a field that may hold a path relative to the settings file, `choices` lists the allowed
    values, and `secret` keeps the value out of the repr and out of what a transcript says it was made by.

    >>> from dataclasses import dataclass, fields
    >>> @dataclass(frozen=True)
    ... class PauseSettings:
    ...     pause: float = option(1.0, "seconds of silence that end a segment")
    >>> PauseSettings().pause, fields(PauseSettings)[0].metadata["help"]
    (1.0, 'seconds of silence that end a segment')
    """
    metadata = {
        "help": help,
        "path": path,
        "choices": None if choices is None else tuple(choices),
        "secret": secret,
    }
    return field(default=default, repr=not secret, metadata=metadata)
