"""Names and types of the settings, derived from the fields of the dataclasses in `ROOMS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from meetscribe.errors import SettingsError, nearest
from meetscribe.settings.rooms import OTHER_TABLES, ROOMS
from meetscribe.settings.whisperx_names import setting_hint


@dataclass(frozen=True, slots=True)
class SettingKey:
    """The name, type and constraints of one setting.

    `kind` is the type without None, `item` the type of the items of a tuple; `optional` means that None is allowed.
    `allowed` holds the choices, or a function that returns them. `path` marks a value that may be a path, `location` a
    value that is always a path or a tuple of paths. `renamed` holds former names of the key as "table.key".
    """

    room: str
    name: str
    kind: type
    item: type
    optional: bool
    default: object
    help: str
    allowed: tuple[str, ...] | Callable[[], tuple[str, ...]] | None
    path: bool
    location: bool
    secret: bool
    renamed: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.room}.{self.name}"

    @property
    def choices(self) -> tuple[str, ...] | None:
        """The allowed values, None if every value is allowed."""
        return self.allowed() if callable(self.allowed) else self.allowed


@cache
def keys(room: str) -> dict[str, SettingKey]:
    """Return the settings of a room by name, in the order of their fields; empty for an unknown room."""
    return keys_of(room, ROOMS[room]) if room in ROOMS else {}


def keys_of(room: str, settings: type[Any]) -> dict[str, SettingKey]:
    """Return the settings of a table by name, from a dataclass whose fields are declared with `options.option`."""
    hints = get_type_hints(settings)
    found = {}
    for declared in fields(settings):
        kinds = [kind for kind in get_args(hints[declared.name]) if isinstance(kind, type)]
        optional = NoneType in kinds
        kind = kinds[0] if optional else hints[declared.name]
        found[declared.name] = SettingKey(
            room,
            declared.name,
            kind=get_origin(kind) or kind,
            item=next(iter(get_args(kind)), str),
            optional=optional,
            default=declared.default,
            help=declared.metadata["help"],
            allowed=declared.metadata["choices"],
            path=declared.metadata["path"],
            location=declared.metadata["location"],
            secret=declared.metadata["secret"],
            renamed=tuple(name if "." in name else f"{room}.{name}" for name in declared.metadata["renamed"]),
        )
    return found


def former_names() -> dict[str, SettingKey]:
    """Return the renamed keys by their former names."""
    return {former: key for room in ROOMS for key in keys(room).values() for former in key.renamed}


def find_key(name: str, source: str = "") -> SettingKey:
    """Return the setting with the current or former name "table.key".

    Raises SettingsError for an unknown name; its message contains `source` and the nearest known name.
    """
    room, _, key = name.partition(".")
    if key in keys(room):
        return keys(room)[key]
    if name in (former := former_names()):
        return former[name]
    everywhere = [str(known) for other in ROOMS for known in keys(other).values()]
    namesakes = [repr(full) for full in everywhere if full.partition(".")[2] == (key or name)]
    if renamed := setting_hint(key or name) or setting_hint(f"{room}_{key}"):
        hint = renamed
    elif namesakes:
        hint = f"did you mean {' or '.join(namesakes)}?"
    elif room in OTHER_TABLES:
        hint = f"the table [{room}] belongs to another command"
    else:
        hint = nearest(key, keys(room)) if room in ROOMS else nearest(name, everywhere)
    raise SettingsError(f"unknown setting {' '.join(filter(None, [repr(name), source]))}: {hint}")
