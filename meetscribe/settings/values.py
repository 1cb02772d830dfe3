"""The settings of all rooms, composed into one frozen value."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.asr.settings import AsrSettings
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.audio.settings import AudioSettings
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.transcript import JSON
from meetscribe.vad.settings import VadSettings


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Settings of a whole run; raises SettingsError for a negative number of threads."""

    device: str = option("auto", "device to run the models on: auto, cpu, cuda, cuda:1 or mps")
    threads: int = option(0, "CPU threads for speech recognition; 0 uses one per core, up to 8")
    offline: bool = option(False, "never download anything; use only the models on this machine")
    cpu_fallback: bool = option(True, "continue on the CPU if the GPU fails", renamed=["fallback"])
    weights: str | None = option(
        None, "folder of models to search first, as written by meetscribe weights pull --to", path=True
    )
    cache: bool = option(True, "store the result of each stage and reuse it in the next run")
    allow_empty: bool = option(False, "write an empty transcript instead of failing if there is no speech")

    def __post_init__(self) -> None:
        if self.threads < 0:
            raise SettingsError(f"run.threads must not be negative, but is {self.threads}")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, one dataclass per room.

    >>> Settings(asr=AsrSettings(language="German")).asr.language
    'de'
    """

    audio: AudioSettings = field(default_factory=AudioSettings)
    asr: AsrSettings = field(default_factory=AsrSettings)
    vad: VadSettings = field(default_factory=VadSettings)
    alignment: AlignmentSettings = field(default_factory=AlignmentSettings)
    diarization: DiarizationSettings = field(default_factory=DiarizationSettings)
    attribution: AttributionSettings = field(default_factory=AttributionSettings)
    run: RunSettings = field(default_factory=RunSettings)

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


ROOMS: dict[str, type[Any]] = {
    "audio": AudioSettings,
    "asr": AsrSettings,
    "vad": VadSettings,
    "alignment": AlignmentSettings,
    "diarization": DiarizationSettings,
    "attribution": AttributionSettings,
    "run": RunSettings,
}
"""The tables of a settings file, and the dataclass of each."""


def _portable(value: Any, path: bool) -> JSON:
    """Return a setting as stored in a transcript, which must not reveal the folders of its author."""
    if path and isinstance(value, str) and (Path(value).is_absolute() or Path(value).exists()):
        return Path(value).name
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
