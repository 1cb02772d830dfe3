"""Conversion of TOML values and strings to the types of the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meetscribe.errors import SettingsError, nearest
from meetscribe.settings.keys import SettingKey, find_key, keys
from meetscribe.settings.rooms import ROOMS

_MAX_INTEGER = 10**300  # larger integers do not fit a float
_NOUNS = {bool: "true or false", int: "an integer", float: "a number", str: "a string"}
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def room_settings(room: str, given: object) -> Any:
    """Return the settings of a room, given as its dataclass or as a mapping of keys to values.

    Raises SettingsError for an unknown key, an invalid value, or a value of the wrong type.
    """
    kind = ROOMS[room]
    if isinstance(given, kind):
        return given
    if not isinstance(given, Mapping):
        raise SettingsError(
            f"the settings of {room} must be {kind.__name__} or a mapping, not {type(given).__name__}",
            f'Write Settings({room}={{"{next(iter(keys(room)))}": …}}).',
        )
    values = {}
    for name, value in given.items():
        key = find_key(f"{room}.{name}")
        value = os.fspath(value) if key.path and isinstance(value, os.PathLike) else value
        values[key.name] = convert(key, value, f"for {key}", text=False)
    return kind(**values)


def convert(key: SettingKey, given: object, source: str, *, text: bool) -> object:
    """Return the value as the type of the setting; if `text`, strings are parsed.

    "none" and "auto" become None where None is allowed. Raises SettingsError, whose message contains `source`, for a
    value of the wrong type or outside the choices.
    """
    if isinstance(given, str) and is_unset(key, given):
        return None
    value = _parse(key, given, source) if text and isinstance(given, str) else given
    if key.kind is tuple and isinstance(value, list | tuple):
        value = tuple(_as_float(key.item, each) for each in value)
    value = _as_float(key.kind, value)
    fits = type(value) is key.kind and (not isinstance(value, tuple) or all(type(v) is key.item for v in value))
    if not (fits or (value is None and key.optional)):
        raise SettingsError(f"{_quoted(key, given)} {source} is not {_noun(key)}")
    if key.choices and value is not None and value not in key.choices:
        raise SettingsError(f"unknown value {given!r} {source}: {nearest(str(value), key.choices)}")
    if key.path and isinstance(value, str) and value.startswith("~"):
        value = _with_home(value)
    return value


def _with_home(path: str) -> str:
    """Return a path with ~ replaced by the home folder, unchanged if there is no such user."""
    try:
        return str(Path(path).expanduser())
    except RuntimeError:
        return path


def is_unset(key: SettingKey, given: str) -> bool:
    """Return whether a string means None for this setting."""
    return key.optional and given.strip().lower() in ("none", "auto")


def _as_float(kind: type, value: object) -> object:
    """Return an integer as a float if `kind` is float, and every other value unchanged."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MAX_INTEGER:
        return float(value)
    return value


def _parse(key: SettingKey, text: str, source: str) -> object:
    """Parse a string to the type of the setting; the items of a list are separated by commas."""
    if key.kind is bool:
        word = text.strip().lower()
        return word in _TRUE if word in (*_TRUE, *_FALSE) else text
    if key.kind is tuple:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return tuple(_parse_number(key, key.item, part, source) for part in parts)
    return _parse_number(key, key.kind, text, source)


def _parse_number(key: SettingKey, kind: type, text: str, source: str) -> object:
    """Parse the string as a number if `kind` is numeric, else return it unchanged; raises SettingsError."""
    if kind not in (int, float):
        return text
    try:
        return kind(text)
    except ValueError:
        raise SettingsError(f"{_quoted(key, text)} {source} is not {_noun(key)}") from None


def _noun(key: SettingKey) -> str:
    """Return a description of the values that the setting accepts."""
    return f"a list of {_NOUNS[key.item].split()[-1]}s" if key.kind is tuple else _NOUNS[key.kind]


def _quoted(key: SettingKey, given: object) -> str:
    """Return the value as shown in messages; secrets are not shown."""
    return "the value" if key.secret else repr(given)
