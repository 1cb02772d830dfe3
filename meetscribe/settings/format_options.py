"""Loading format options from the sources of settings: tables such as [srt], environment variables, and --set."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from meetscribe.formats.parts.options import Option, convert_option, parse_options
from meetscribe.settings.sources import PREFIX, is_format_table, read_settings_file, settings_files


def load_format_options(
    config: str | Path | None = None, assignments: Iterable[str] = ()
) -> dict[str, dict[str, Option]]:
    """Return the options by format from all sources, with the precedence of settings.

    `assignments` are strings such as "srt.names=always". Raises SettingsError for an unknown option or a value of the
    wrong type.
    """
    found: dict[str, dict[str, Option]] = {}
    for format, option, value, source in (*_from_files(config), *_from_environment()):
        found.setdefault(format, {})[option] = convert_option(format, option, value, source)
    for format, options in parse_options(assignments).items():
        found.setdefault(format, {}).update(options)
    return found


def _from_files(config: str | Path | None) -> Iterator[tuple[str, str, object, str]]:
    """Yield format, option, value and source for each option in the settings files."""
    for file in settings_files(config):
        for table, values in read_settings_file(file).items():
            if isinstance(values, dict) and is_format_table(table):
                yield from ((table, option, value, f"in {file}") for option, value in values.items())


def _from_environment() -> Iterator[tuple[str, str, object, str]]:
    """Yield format, option, value and source for each variable such as MEETSCRIBE_SRT__NAMES."""
    for variable in sorted(os.environ):
        table, separator, option = variable.removeprefix(PREFIX).lower().partition("__")
        if variable.startswith(PREFIX) and separator and is_format_table(table):
            yield table, option, os.environ[variable], f"in the variable {variable}"
