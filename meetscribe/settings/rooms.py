"""The tables of a settings file, and the settings of a whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.asr.settings import AsrSettings
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.audio.settings import AudioSettings
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.profiles.settings import ProfilesSettings
from meetscribe.vad.settings import VadSettings

__all__ = [
    "OTHER_TABLES",
    "ROOMS",
    "AlignmentSettings",
    "AsrSettings",
    "AttributionSettings",
    "AudioSettings",
    "DiarizationSettings",
    "ProfilesSettings",
    "RunSettings",
    "VadSettings",
]


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Settings of the whole run; raises SettingsError for a negative number of threads."""

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


ROOMS: dict[str, type[Any]] = {
    "audio": AudioSettings,
    "asr": AsrSettings,
    "vad": VadSettings,
    "alignment": AlignmentSettings,
    "diarization": DiarizationSettings,
    "attribution": AttributionSettings,
    "profiles": ProfilesSettings,
    "run": RunSettings,
}
"""The tables of a settings file, and the dataclass of each."""

OTHER_TABLES = ("analytics", "library", "live", "minutes", "podcast", "server", "training")
"""The tables that `load_table` reads; they do not affect the output of `run`."""
