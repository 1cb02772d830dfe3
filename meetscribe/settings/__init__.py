"""The settings of all stages: values, names and sources; what each one means is said in its room."""

from __future__ import annotations

from meetscribe.settings.keys import Key, find_key, keys
from meetscribe.settings.sources import load_settings, user_config_file
from meetscribe.settings.values import ROOMS, RunSettings, Settings

__all__ = ["ROOMS", "Key", "RunSettings", "Settings", "find_key", "keys", "load_settings", "user_config_file"]
