"""The folder of a trained model: the files of the run, and the checks before a run writes to it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from meetscribe.errors import OutputError, SettingsError, os_reason
from meetscribe.storage.files import replace_file

RUN, RESULT = "run.json", "result.json"
PARTS = "training"
"""The folder of the run within that of the model, with its state, log, plot, texts and scores."""

_OTHER = "Choose another folder with -o."
_CHOOSE = "Choose another folder with -o, or start over with --overwrite."


def open_output(output: Path, facts: dict[str, Any], *, overwrite: bool) -> Path:
    """Create the folder of a model, or reopen that of an unfinished run; return the folder of the run's files.

    `facts` are the data, base and settings that determine the weights. With `overwrite`, the folder of an earlier run
    is deleted first, finished or not. Raises SettingsError if the unfinished run has other facts; OutputError if the
    run is finished, if the folder contains other files, or if it cannot be written.
    """
    run_folder = output / PARTS
    try:
        if overwrite and (run_folder / RUN).is_file():
            shutil.rmtree(output)
        if output.exists() and not (run_folder / RUN).is_file() and (not output.is_dir() or any(output.iterdir())):
            raise OutputError(f"{output} exists, and was not made by meetscribe train run", _OTHER)
        if (run_folder / RESULT).is_file():
            raise OutputError(f"{output} holds a finished model", _CHOOSE)
        if (run_folder / RUN).is_file():
            _compare(json.loads((run_folder / RUN).read_text(encoding="utf-8")), facts, output)
        run_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        output.chmod(0o700)
        replace_file(run_folder / RUN, json.dumps(facts, indent=1, ensure_ascii=False).encode())
    except OSError as error:
        raise OutputError(f"{output} cannot be written: {os_reason(error)}", _OTHER) from error
    return run_folder


def digest(facts: dict[str, Any]) -> str:
    """Return the hexadecimal SHA-256 digest of facts as JSON."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _compare(before: dict[str, Any], now: dict[str, Any], output: Path) -> None:
    """Raise SettingsError, naming the first difference, if the facts differ."""
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            raise SettingsError(
                f"{output} holds an unfinished run with another {name}: {before.get(name)}, now {now.get(name)}",
                _CHOOSE,
            )
