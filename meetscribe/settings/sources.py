"""Loading settings from files, environment variables and the command line.

Later sources override earlier ones, key by key:

    1. the defaults in the code
    2. the user's file        config.toml in the user's configuration folder (`user_config_file()`)
    3. the project's file     ./meetscribe.toml, or instead the file given by --config
    4. the environment        MEETSCRIBE_ASR__MODEL for asr.model
    5. the command line       --model, or --set asr.model=...

A file has one table per room, and may have one per format for its options (`format_options`). Relative paths in a file
refer to its folder; a value that is not an existing path there is taken literally, for example as the id of a model.
"none" or "auto" unsets an optional setting, such as asr.language. Former names of renamed keys are accepted with a
notice; within one source, the current name takes precedence.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from meetscribe.errors import SettingsError, nearest
from meetscribe.formats import FORMATS
from meetscribe.settings.conversion import convert
from meetscribe.settings.keys import SettingKey, find_key, former_names, keys
from meetscribe.settings.rooms import OTHER_TABLES, ROOMS
from meetscribe.settings.toml_files import read_toml
from meetscribe.settings.values import Settings
from meetscribe.settings.whisperx_names import setting_hint

PROJECT_FILE = "meetscribe.toml"
PREFIX = "MEETSCRIBE_"


@dataclass(frozen=True, slots=True)
class _Assignment:
    """A value from one source for a setting, and a notice if the source uses a former name of the key."""

    key: SettingKey
    value: object
    notice: str = ""


def load_settings(
    config: str | Path | None = None,
    overrides: Mapping[str, object] | None = None,
    notify: Callable[[str], None] | None = None,
) -> Settings:
    """Return the settings from all sources.

    `config` replaces ./meetscribe.toml. `overrides` maps names such as "asr.model" to values or strings. `notify`
    receives a notice for each former name that is used; the default issues a FutureWarning. Raises SettingsError,
    naming the source, for an unknown key or an invalid value.
    """
    values: dict[str, dict[str, Any]] = {room: {} for room in ROOMS}
    sources = (*map(_read, settings_files(config)), _environment(os.environ), _overrides(overrides or {}))
    for source in sources:
        for assignment in sorted(source, key=lambda assignment: not assignment.notice):
            if assignment.notice:
                (notify or _warn)(assignment.notice)
            values[assignment.key.room][assignment.key.name] = assignment.value
    return Settings(**{room: kind(**values[room]) for room, kind in ROOMS.items()})


def as_settings(settings: Settings | Mapping[str, Any] | str | Path | None) -> Settings:
    """Return `settings` as Settings: the defaults for None; for a path, the values of `load_settings`.

    A mapping of tables changes the defaults, like the arguments of `Settings`. Raises SettingsError if the file cannot
    be read, for an unknown table or key, and for a value of the wrong type.

    >>> as_settings({"asr": {"model": "tiny"}}).asr.model
    'tiny'
    """
    if settings is None or isinstance(settings, Settings):
        return settings or Settings()
    if isinstance(settings, str | Path):
        return load_settings(settings)
    if not isinstance(settings, Mapping):
        raise SettingsError(
            f"settings must be Settings, a mapping or the path of a TOML file, not {type(settings).__name__}",
            'Write Settings(asr={"model": "small"}).',
        )
    if unknown := [str(name) for name in settings if name not in ROOMS]:
        remedy = 'Write tables and keys, such as {"asr": {"model": "small"}}.'
        raise SettingsError(f"unknown table {unknown[0]!r}: {nearest(unknown[0], ROOMS)}", remedy)
    return Settings(**settings)


def is_format_table(name: str) -> bool:
    """Return whether a table holds the options of a format, which `load_format_options` reads."""
    return name not in ROOMS and name in FORMATS


def read_settings_file(file: Path) -> dict[str, Any]:
    """Return the tables of a settings file; raises SettingsError if it cannot be read."""
    return read_toml(file, "the settings file ", 'Write tables and keys, such as [asr] and model = "small".')


def user_config_file() -> Path:
    """Return the path of the user's settings file, which need not exist."""
    return platformdirs.user_config_path("meetscribe", appauthor=False) / "config.toml"


def settings_files(config: str | Path | None) -> Iterator[Path]:
    """Yield the settings files in order of increasing precedence; `config` need not exist."""
    user = user_config_file()
    if user.is_file():
        yield user
    if config is not None:
        yield Path(config)
    elif Path(PROJECT_FILE).is_file():
        yield Path(PROJECT_FILE)


def _warn(notice: str) -> None:
    """Issue a notice as a FutureWarning at the caller of `load_settings`."""
    warnings.warn(notice, FutureWarning, stacklevel=3)


def _read(file: Path) -> Iterator[_Assignment]:
    """Yield the settings in a TOML file; raises SettingsError if it cannot be read, or for an unknown key."""
    source = f"in {file}"
    document = read_settings_file(file)
    former = former_names()
    for room, table in document.items():
        if not isinstance(table, dict):
            find_key(room, source)  # raises SettingsError: the key is outside any table
        if is_format_table(room) or room in OTHER_TABLES:
            continue
        if room not in ROOMS and not any(f"{room}.{name}" in former for name in table):
            raise SettingsError(f"unknown table [{room}] {source}: {nearest(room, [*ROOMS, *OTHER_TABLES, *FORMATS])}")
        for name, given in table.items():
            key = find_key(f"{room}.{name}", source)
            value = convert(key, given, f"for {key} {source}", text=False)
            if key.path and isinstance(value, str):
                value = resolve_path(file, value)
            yield _Assignment(key, value, _renaming(f"{room}.{name}", key, f" {source}"))


def _environment(variables: Mapping[str, str]) -> Iterator[_Assignment]:
    """Yield the settings in variables such as MEETSCRIBE_ASR__MODEL; raises SettingsError for misspelt ones."""
    known = {_variable(str(key)): key for room in ROOMS for key in keys(room).values()}
    former = {_variable(name): key for name, key in former_names().items()}
    tables = tuple(f"{PREFIX}{room}_".upper() for room in ROOMS)
    for variable in sorted(variables):
        if key := known.get(variable) or former.get(variable):
            value = convert(key, variables[variable], f"for {key} in the variable {variable}", text=True)
            renamed = variable in former
            yield _Assignment(key, value, f"{variable} is now called {_variable(str(key))}" if renamed else "")
        elif variable.startswith(tables) or (variable.startswith(PREFIX) and "__" in variable):
            table = variable.removeprefix(PREFIX).partition("__")[0].lower()
            if is_format_table(table) or table in OTHER_TABLES:
                continue
            hint = setting_hint(variable.rpartition("__")[2].lower()) or nearest(variable, known)
            raise SettingsError(
                f"the variable {variable} is not a setting: {hint}",
                "The variable of a setting is called MEETSCRIBE_TABLE__KEY, with two underscores before the key.",
            )


def _overrides(overrides: Mapping[str, object]) -> Iterator[_Assignment]:
    """Yield the settings in a mapping of names to values."""
    for name, given in overrides.items():
        key = find_key(name)
        yield _Assignment(key, convert(key, given, f"for {key}", text=True), _renaming(name, key))


def _renaming(name: str, key: SettingKey, source: str = "") -> str:
    """Return the notice that a key has been renamed; empty if `name` is its current name."""
    return "" if name == str(key) else f"{name}{source} is now called {key}"


def _variable(name: str) -> str:
    """Return the environment variable of a setting.

    >>> _variable("asr.model")
    'MEETSCRIBE_ASR__MODEL'
    """
    return f"{PREFIX}{name.replace('.', '__')}".upper()


def resolve_path(file: Path, value: str) -> str:
    """Return a path in a settings file as an absolute path; other values, such as ids, stay unchanged."""
    path = file.resolve().parent / value
    if re.match(r"\.{1,2}[/\\]", value) or (value != "auto" and path.exists()):
        return str(path)
    return value


def resolve_location(file: Path, value: str) -> str:
    """Return a path in a settings file as an absolute path; it need not exist."""
    return str(file.resolve().parent / Path(value).expanduser())
