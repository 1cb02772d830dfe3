"""Reading TOML files with a size limit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from meetscribe.errors import SettingsError, os_reason
from meetscribe.storage.files import SETTINGS_BYTES, read_file

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read_toml(file: Path, label: str, remedy: str) -> dict[str, Any]:
    """Return the TOML document in `file`.

    Raises SettingsError if the file cannot be read, with `label` before its name in the message, or is not valid TOML,
    with `remedy`.
    """
    try:
        return tomllib.loads(read_file(file, SETTINGS_BYTES).decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{label}{file} cannot be read: {os_reason(error)}", "Check its path.") from error
    except (ValueError, RecursionError) as error:  # ValueError: not UTF-8, not TOML, or a number too long to convert
        raise SettingsError(f"{file} is not TOML: {error}", remedy) from error
