"""The folders that meetscribe keeps data in between runs."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path


def cache_folder() -> Path:
    """Return the folder for data that can be computed again: `MEETSCRIBE_CACHE`, or that of the platform."""
    chosen = os.environ.get("MEETSCRIBE_CACHE")
    return Path(chosen).expanduser() if chosen else user_cache_path("meetscribe")


def data_folder() -> Path:
    """Return the folder for data of the user that is kept: `MEETSCRIBE_DATA`, or that of the platform."""
    chosen = os.environ.get("MEETSCRIBE_DATA")
    return Path(chosen).expanduser() if chosen else user_data_path("meetscribe", appauthor=False)
