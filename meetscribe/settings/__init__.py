"""Composition and sources of the settings; each room defines and documents its own."""

from __future__ import annotations

from meetscribe.settings.keys import SettingKey, find_key, keys
from meetscribe.settings.sources import load_settings, user_config_file
from meetscribe.settings.values import ROOMS, RunSettings, Settings

__all__ = ["ROOMS", "RunSettings", "SettingKey", "Settings", "find_key", "keys", "load_settings", "user_config_file"]
