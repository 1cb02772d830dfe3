"""The settings of all rooms, composed into one frozen value."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from meetscribe.settings.conversion import room_settings
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
from meetscribe.transcript import JSON


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, one dataclass per room; mappings are converted to these dataclasses.

    Raises SettingsError for an unknown key or an invalid value in a mapping, and for a value of the wrong type.

    >>> Settings(asr=AsrSettings(language="German")).asr.language
    'de'
    >>> Settings(asr={"model": "tiny"}).asr.model
    'tiny'
    """

    audio: AudioSettings = field(default_factory=AudioSettings)
    asr: AsrSettings = field(default_factory=AsrSettings)
    vad: VadSettings = field(default_factory=VadSettings)
    alignment: AlignmentSettings = field(default_factory=AlignmentSettings)
    diarization: DiarizationSettings = field(default_factory=DiarizationSettings)
    attribution: AttributionSettings = field(default_factory=AttributionSettings)
    profiles: ProfilesSettings = field(default_factory=ProfilesSettings)
    run: RunSettings = field(default_factory=RunSettings)

    def __post_init__(self) -> None:
        for room in ROOMS:
            object.__setattr__(self, room, room_settings(room, getattr(self, room)))

    def non_defaults(self) -> dict[str, JSON]:
        """Return the settings that differ from the defaults, by room and key.

        Secrets are left out, and paths are reduced to their last part.
        """
        found: dict[str, JSON] = {}
        for room, kind in ROOMS.items():
            own, default = getattr(self, room), kind()
            changed: dict[str, JSON] = {
                key.name: _portable(getattr(own, key.name), key.metadata["path"])
                for key in fields(kind)
                if not key.metadata["secret"] and getattr(own, key.name) != getattr(default, key.name)
            }
            if changed:
                found[room] = changed
        return found


def _portable(value: Any, path: bool) -> JSON:
    """Return a setting for the provenance of a transcript, without folder names."""
    if path and isinstance(value, str) and (Path(value).is_absolute() or Path(value).exists()):
        return Path(value).name
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
