"""Read templates of minutes in TOML or JSON: sections with instructions, including those of Meetily."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from meetscribe.errors import InputError, os_reason
from meetscribe.storage.files import SETTINGS_BYTES, read_file
from meetscribe.transcript.json_node import Node

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read_template(path: Path) -> str:
    """Return the instructions in a template: its `sections`, each with a `title` and an `instruction`.

    A file whose name ends with ".toml", in lower case, is read as TOML, any other as JSON. Other members, such as a
    `name`, are ignored.

    Raises InputError if the file cannot be read or has another structure.
    """
    try:
        text = read_file(path, SETTINGS_BYTES).decode("utf-8-sig")
        value = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {os_reason(error)}", "Give a template in TOML or JSON.") from error
    except (ValueError, RecursionError) as error:
        kind = "TOML" if path.suffix == ".toml" else "JSON"
        remedy = "Correct it at that place; the name of a template in TOML ends with .toml."
        raise InputError(f"{path} is not valid {kind}: {error}", remedy) from error
    sections = [
        f"{one['title'].text()}: {one.get('instruction', '').text()}"
        for one in Node(value, str(path))["sections"].items()
    ]
    return "Pay attention to these sections. " + " ".join(sections)
