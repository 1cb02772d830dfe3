"""Loading tables that are not part of `Settings`, such as [analytics] and [server], from the same sources."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from meetscribe.errors import SettingsError, nearest
from meetscribe.settings.conversion import convert, is_unset
from meetscribe.settings.keys import SettingKey, keys_of
from meetscribe.settings.sources import PREFIX, read_settings_file, resolve_location, resolve_path, settings_files

T = TypeVar("T")


def load_table(
    table: str, kind: type[T], config: str | Path | None = None, overrides: Mapping[str, object] | None = None
) -> T:
    """Return the settings of a table from all sources, with the precedence of `load_settings`.

    `kind` is a dataclass whose fields are declared with `options.option`; `overrides` maps its fields to values or
    strings. Raises SettingsError, naming the source, for an unknown key or an invalid value.
    """
    return kind(**table_values(table, kind, config, overrides))


def table_values(
    table: str, kind: type[Any], config: str | Path | None = None, overrides: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """Return the values of the fields of `kind` that a source sets, without defaults; see `load_table`."""
    keys = keys_of(table, kind)
    values: dict[str, Any] = {}
    for name, given, source, text in (*_from_files(table, keys, config), *_from_environment(table)):
        if name not in keys:
            raise SettingsError(f"unknown setting '{table}.{name}' {source}: {nearest(name, keys)}")
        values[name] = _value(keys[name], given, source, text=text)
    for name, given in (overrides or {}).items():
        if name not in keys:
            raise SettingsError(f"unknown setting '{table}.{name}': {nearest(name, keys)}")
        values[name] = _value(keys[name], given, "", text=True)
    return values


def exposed_secrets(table: str, kind: type[Any], config: str | Path | None = None) -> Iterator[Path]:
    """Yield the settings files that contain a secret of a table and that every user of this machine can read."""
    secrets = {name for name, key in keys_of(table, kind).items() if key.secret}
    for file in settings_files(config):
        found = secrets & read_settings_file(file).get(table, {}).keys()
        if found and os.name == "posix" and file.stat().st_mode & stat.S_IROTH:
            yield file


def _value(key: SettingKey, given: object, source: str, *, text: bool) -> object:
    """Return a value as the type of its setting; raises SettingsError."""
    return convert(key, given, f"for {key} {source}".strip(), text=text)


def _from_files(
    table: str, keys: Mapping[str, SettingKey], config: str | Path | None
) -> Iterator[tuple[str, object, str, bool]]:
    """Yield name, value and source of each key of the table in the settings files, and False: it is typed.

    Relative paths refer to the folder of their file.
    """
    for file in settings_files(config):
        found = read_settings_file(file).get(table, {})
        if not isinstance(found, dict):
            raise SettingsError(f"{table} in {file} is not a table", f"Write [{table}] and keys below it.")
        for name, value in found.items():
            yield name, _resolved(file, keys.get(name), value), f"in {file}", False


def _resolved(file: Path, key: SettingKey | None, value: object) -> object:
    """Return a value of a settings file, with paths made absolute."""
    if key is None:
        return value
    if key.location and isinstance(value, str):
        return value if is_unset(key, value) else resolve_location(file, value)
    if key.location and isinstance(value, list):
        return [resolve_location(file, item) if isinstance(item, str) else item for item in value]
    if key.path and isinstance(value, str):
        return resolve_path(file, value)
    return value


def _from_environment(table: str) -> Iterator[tuple[str, object, str, bool]]:
    """Yield name, value and source of each variable such as MEETSCRIBE_SERVER__PORT, and True: parse the value."""
    prefix = f"{PREFIX}{table.upper()}__"
    for variable in sorted(os.environ):
        if variable.startswith(prefix):
            yield variable.removeprefix(prefix).lower(), os.environ[variable], f"in the variable {variable}", True
