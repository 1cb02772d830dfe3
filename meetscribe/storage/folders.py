"""The folders for data that is kept between runs."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path


def cache_folder() -> Path:
    """Return the folder for data that can be recomputed: `MEETSCRIBE_CACHE`, or the platform's cache folder."""
    chosen = os.environ.get("MEETSCRIBE_CACHE")
    return Path(chosen).expanduser() if chosen else user_cache_path("meetscribe")


def data_folder() -> Path:
    """Return the folder for the user's data: `MEETSCRIBE_DATA`, or the platform's data folder."""
    chosen = os.environ.get("MEETSCRIBE_DATA")
    return Path(chosen).expanduser() if chosen else user_data_path("meetscribe", appauthor=False)
