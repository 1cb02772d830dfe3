"""Composition and sources of the settings; each room defines and documents its own."""

from __future__ import annotations

from meetscribe.settings.format_options import load_format_options
from meetscribe.settings.keys import SettingKey, find_key, keys
from meetscribe.settings.rooms import (
    ROOMS,
    AlignmentSettings,
    AsrSettings,
    AttributionSettings,
    AudioSettings,
    DiarizationSettings,
    ProfilesSettings,
    RunSettings,
    VadSettings,
)
from meetscribe.settings.sources import as_settings, load_settings, user_config_file
from meetscribe.settings.values import Settings

__all__ = [
    "ROOMS",
    "AlignmentSettings",
    "AsrSettings",
    "AttributionSettings",
    "AudioSettings",
    "DiarizationSettings",
    "ProfilesSettings",
    "RunSettings",
    "SettingKey",
    "Settings",
    "VadSettings",
    "as_settings",
    "find_key",
    "keys",
    "load_format_options",
    "load_settings",
    "user_config_file",
]
