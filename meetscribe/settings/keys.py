"""What a setting is called, and of what type it is; read from the fields of the rooms' dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from types import NoneType
from typing import get_args, get_origin, get_type_hints

from meetscribe.errors import SettingsError, nearest
from meetscribe.settings.values import ROOMS


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its type without None, that of its items, whether None is allowed, what its field says of it."""

    room: str
    name: str
    kind: type
    item: type
    optional: bool
    default: object
    help: str
    choices: tuple[str, ...] | None
    path: bool
    secret: bool

    def __str__(self) -> str:
        return f"{self.room}.{self.name}"


@cache
def keys(room: str) -> dict[str, Key]:
    """The settings of a room by name, in the order in which they are declared; none for another name."""
    if room not in ROOMS:
        return {}
    hints = get_type_hints(ROOMS[room])
    found = {}
    for declared in fields(ROOMS[room]):
        kinds = [kind for kind in get_args(hints[declared.name]) if isinstance(kind, type)]
        optional = NoneType in kinds
        kind = kinds[0] if optional else hints[declared.name]
        found[declared.name] = Key(
            room,
            declared.name,
            kind=get_origin(kind) or kind,
            item=next(iter(get_args(kind)), str),
            optional=optional,
            default=declared.default,
            help=declared.metadata["help"],
            choices=declared.metadata["choices"],
            path=declared.metadata["path"],
            secret=declared.metadata["secret"],
        )
    return found


def find_key(name: str, source: str = "") -> Key:
    """The setting called "room.key"; raises SettingsError naming the nearest known one."""
    room, _, key = name.partition(".")
    if key in keys(room):
        return keys(room)[key]
    everywhere = [str(known) for other in ROOMS for known in keys(other).values()]
    namesakes = [repr(full) for full in everywhere if full.partition(".")[2] == (key or name)]
    if namesakes:
        hint = f"did you mean {' or '.join(namesakes)}?"
    else:
        hint = nearest(key, keys(room)) if room in ROOMS else nearest(name, everywhere)
    raise SettingsError(f"unknown setting {' '.join(filter(None, [repr(name), source]))}: {hint}")
