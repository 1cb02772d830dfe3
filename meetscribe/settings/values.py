"""The settings of every room in one frozen value; where they are read from is in sources."""

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
    """What concerns a whole run, not one of its stages."""

    device: str = option("auto", "where the models run: cpu, cuda, cuda:1, mps, or auto")
    threads: int = option(0, "processor threads of the recogniser; 0 is one per processor, up to 8")
    offline: bool = option(False, "fetch nothing: use only the weights that are on this machine")
    fallback: bool = option(True, "go on with the processor when the graphics card fails")
    weights: str | None = option(
        None, "a folder of models, looked into first: made by meetscribe weights pull --to", path=True
    )
    cache: bool = option(True, "keep what each stage makes, and go on from there in the next run")
    allow_empty: bool = option(False, "write an empty transcript if nobody speaks, instead of failing")

    def __post_init__(self) -> None:
        if self.threads < 0:
            raise SettingsError(f"run.threads must not be negative, but is {self.threads}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, a dataclass per room.

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

    def described(self) -> dict[str, JSON]:
        """What differs from the defaults, by room and key; no secrets, and of a path its last part only."""
        described: dict[str, JSON] = {}
        for room, kind in ROOMS.items():
            own, default = getattr(self, room), kind()
            changed: dict[str, JSON] = {
                key.name: _shown(getattr(own, key.name), key.metadata["path"])
                for key in fields(kind)
                if not key.metadata["secret"] and getattr(own, key.name) != getattr(default, key.name)
            }
            if changed:
                described[room] = changed
        return described


ROOMS: dict[str, type[Any]] = {
    "audio": AudioSettings,
    "asr": AsrSettings,
    "vad": VadSettings,
    "alignment": AlignmentSettings,
    "diarization": DiarizationSettings,
    "attribution": AttributionSettings,
    "run": RunSettings,
}
"""The tables of a settings file."""


def _shown(value: Any, path: bool) -> JSON:
    """A setting for those who read a transcript; where a recording's models lie is nobody's business."""
    if path and isinstance(value, str) and (Path(value).is_absolute() or Path(value).exists()):
        return Path(value).name
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
