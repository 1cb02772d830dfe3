"""Settings from files, the environment and the command line.

A later source wins over an earlier one, key by key:

    1. the defaults in the code
    2. the user's file        config.toml in the user's configuration folder (`user_config_file()`)
    3. the project's file     ./meetscribe.toml, or instead of it the file given by --config
    4. the environment        MEETSCRIBE_ASR__MODEL for asr.model
    5. the command line       --model, or --set asr.model=...

A file has a table per room. A path in it is relative to the file; a name that is no path there stays a name.
"none" (or "auto") unsets what may be unset, such as asr.language.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from meetscribe.errors import SettingsError, nearest
from meetscribe.settings.keys import Key, find_key, keys
from meetscribe.settings.values import ROOMS, Settings
from meetscribe.storage.files import SETTINGS_BYTES, read_file

PROJECT_FILE = "meetscribe.toml"
PREFIX = "MEETSCRIBE_"


def load_settings(config: str | Path | None = None, overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings from all sources; `overrides` maps names such as "asr.model" to values, or their text.

    Raises SettingsError naming the source for an unknown name or a value that does not fit.
    """
    values: dict[str, dict[str, Any]] = {room: {} for room in ROOMS}
    for file in _files(config):
        for key, value in _read(file):
            values[key.room][key.name] = value
    for key, value in _environment(os.environ):
        values[key.room][key.name] = value
    for name, given in (overrides or {}).items():
        key = find_key(name)
        values[key.room][key.name] = _value(key, given, f"for {key}", text=True)
    return Settings(**{room: kind(**values[room]) for room, kind in ROOMS.items()})


def user_config_file() -> Path:
    """Where the user's own settings are kept, whether or not there are any."""
    import platformdirs

    return platformdirs.user_config_path("meetscribe", appauthor=False) / "config.toml"


def _files(config: str | Path | None) -> Iterator[Path]:
    """The settings files that there are, the weaker first; raises SettingsError if `config` is none."""
    user = user_config_file()
    if user.is_file():
        yield user
    if config is not None:
        yield Path(config)
    elif Path(PROJECT_FILE).is_file():
        yield Path(PROJECT_FILE)


def _read(file: Path) -> Iterator[tuple[Key, object]]:
    """The settings in a TOML file; raises SettingsError if it cannot be read or says something unknown."""
    source = f"in {file}"
    document = read_toml(file, "the settings file ", 'It has tables and keys, such as [asr] and model = "small".')
    for room, table in document.items():
        if not isinstance(table, dict):
            find_key(room, source)  # raises: it stands outside any table
        if room not in ROOMS:
            raise SettingsError(f"unknown table [{room}] {source}: {nearest(room, ROOMS)}")
        for name, given in table.items():
            key = find_key(f"{room}.{name}", source)
            value = _value(key, given, f"for {key} {source}", text=False)
            yield key, _beside(file, value) if key.path and isinstance(value, str) else value


def read_toml(file: Path, kind: str, remedy: str) -> dict[str, Any]:
    """The TOML document in a file of some kind; raises SettingsError, with the remedy if it is no TOML."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(read_file(file, SETTINGS_BYTES).decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{kind}{file} cannot be read: {error.strerror or error}", "Check its path.") from error
    except (ValueError, RecursionError) as error:  # ValueError: no UTF-8, no TOML, a number of thousands of digits
        raise SettingsError(f"{file} is not TOML: {error}", remedy) from error


def _environment(variables: Mapping[str, str]) -> Iterator[tuple[Key, object]]:
    """The settings in variables such as MEETSCRIBE_ASR__MODEL; what resembles one is an error."""
    known = {f"{PREFIX}{room}__{name}".upper(): key for room in ROOMS for name, key in keys(room).items()}
    tables = tuple(f"{PREFIX}{room}_".upper() for room in ROOMS)
    for variable in sorted(variables):
        if variable in known:
            key = known[variable]
            yield key, _value(key, variables[variable], f"for {key} in the variable {variable}", text=True)
        elif variable.startswith(tables) or (variable.startswith(PREFIX) and "__" in variable):
            raise SettingsError(
                f"the variable {variable} is no setting: {nearest(variable, known)}",
                "The name of a setting's variable is MEETSCRIBE_, its table, two underscores, its key.",
            )


def _value(key: Key, given: object, source: str, text: bool) -> object:
    """The value as the field wants it; where `text`, a string is read as the field's type.

    Raises SettingsError if it does not fit, or is none of the choices.
    """
    if isinstance(given, str) and key.optional and given.strip().lower() in ("none", "auto"):
        return None
    value = _from_text(key, given, source) if text and isinstance(given, str) else given
    if key.kind is tuple and isinstance(value, list | tuple):
        value = tuple(_number(key.item, each) for each in value)
    value = _number(key.kind, value)
    fits = type(value) is key.kind and (not isinstance(value, tuple) or all(type(v) is key.item for v in value))
    if not (fits or (value is None and key.optional)):
        raise SettingsError(f"{_quoted(key, given)} {source} is not {_noun(key)}")
    if key.choices and value is not None and value not in key.choices:
        raise SettingsError(f"unknown value {given!r} {source}: {nearest(str(value), key.choices)}")
    if key.path and isinstance(value, str) and value.startswith("~"):
        value = str(Path(value).expanduser())
    return value


def _number(kind: type, value: object) -> object:
    """The value; a whole number as a float where one is wanted."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST:
        return float(value)
    return value


def _noun(key: Key) -> str:
    """What a value of the setting is called."""
    return f"a list of {_NOUNS[key.item].removeprefix('a ')}s" if key.kind is tuple else _NOUNS[key.kind]


_LARGEST = 10**300  # a larger whole number has no float

_NOUNS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
}
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def _from_text(key: Key, text: str, source: str) -> object:
    """A text from a variable or the command line as the type of the field; a list is parted by commas."""
    if key.kind is bool:
        word = text.strip().lower()
        return word in _YES if word in (*_YES, *_NO) else text
    if key.kind is tuple:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return tuple(_read_number(key, key.item, part, source) for part in parts)
    return _read_number(key, key.kind, text, source)


def _read_number(key: Key, kind: type, text: str, source: str) -> object:
    """The text as a number, where `kind` is one."""
    if kind not in (int, float):
        return text
    try:
        return kind(text)
    except ValueError:
        raise SettingsError(f"{_quoted(key, text)} {source} is not {_noun(key)}") from None


def _quoted(key: Key, given: object) -> str:
    """The value for a message, unless it is a secret."""
    return "the value" if key.secret else repr(given)


def _beside(file: Path, value: str) -> str:
    """A path in a settings file as seen from here; a name that is no path beside the file stays a name."""
    path = file.resolve().parent / value
    if re.match(r"\.{1,2}[/\\]", value) or (value != "auto" and path.exists()):
        return str(path)
    return value
