"""The settings of diarization."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds

SEGMENTATION_2021 = "segmentation-2021"
"""The segmentation model that whisperx includes, the default of the bundled pipeline."""

_COUNT = re.compile("[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class DiarizationSettings:
    """The pipeline, its parameters, and known facts about the speakers.

    For a threshold or the cluster size, None selects the value for which the pipeline or the embedder was tuned. Before
    `load_diarizer`, `models.resolution` replaces names of models in packages (segmentation-3.0, campplus) by paths.
    Raises SettingsError for a value out of range, and for contradictory numbers of speakers.
    """

    enabled: bool = option(True, "find the speakers")
    pipeline: str = option(
        "auto", "community-1, bundled, or a pyannote.audio pipeline: a directory or a hub id", path=True
    )
    segmentation: str = option(
        "auto",
        "segmentation model of the bundled pipeline: segmentation-2021, segmentation-3.0, a directory, a hub id",
        path=True,
    )
    embedder: str = option(
        "auto",
        "speaker embedding model of the bundled pipeline: campplus, a directory, a hub id, or package.module:function",
        path=True,
    )
    speakers: int | None = option(None, "number of speakers, if known")
    min_speakers: int | None = option(None, "minimum number of speakers")
    max_speakers: int | None = option(None, "maximum number of speakers")
    speakers_each: str = option(
        "1", "number of speakers per channel or file with --channels split or --per-speaker: 1,3, or auto if unknown"
    )
    token: str | None = option(None, "Hugging Face token; by default HF_TOKEN or the stored token", secret=True)
    allow_code: bool = option(False, "load a pipeline even if its files can run code; only from a source you trust")
    segmentation_threshold: float | None = option(None, "probability at which a speaker counts as active, 0 to 1")
    clustering_threshold: float | None = option(None, "maximum distance of clusters of one speaker, 0 to 2")
    min_cluster_size: int | None = option(None, "minimum number of windows of a speaker; smaller clusters join others")
    min_duration_off: Seconds = option(0.5, "pauses of a speaker shorter than this many seconds are filled")
    step: float = option(0.1, "step of the sliding window as a share of its length; 0.2 is twice as fast")
    block: Seconds = option(1800.0, "recordings longer than this many seconds are clustered in blocks, then linked")
    batch_size: int = option(0, "number of windows computed at once; 0 for 32 on a GPU, else 4")

    @property
    def speakers_per_microphone(self) -> tuple[int | None, ...]:
        """The number of speakers of each channel or file, None if unknown; a single number applies to all."""
        return tuple(None if part.strip() == "auto" else int(part) for part in self.speakers_each.split(","))

    def __post_init__(self) -> None:
        self._check_counts()
        if not self.block >= 60:
            raise SettingsError(f"diarization.block must be at least 60 seconds, but is {self.block:g}")
        for name, low, high in (
            ("segmentation_threshold", 0.0, 1.0),
            ("clustering_threshold", 0.0, 2.0),
            ("step", 0.0, 1.0),
        ):
            value = getattr(self, name)
            if value is not None and not low < value <= high:
                raise SettingsError(f"diarization.{name} must be more than {low:g} and at most {high:g}, not {value}")
        if not self.min_duration_off >= 0:
            raise SettingsError(f"diarization.min_duration_off must not be negative, but is {self.min_duration_off}")
        if self.batch_size < 0:
            raise SettingsError(f"diarization.batch_size must not be negative, but is {self.batch_size}")

    def _check_counts(self) -> None:
        """Raise SettingsError for a count below 1, and if no number of speakers satisfies all settings."""
        for name in ("speakers", "min_speakers", "max_speakers", "min_cluster_size"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SettingsError(f"diarization.{name} must be at least 1, but is {value}")
        if any(part.strip() != "auto" and not _COUNT.fullmatch(part.strip()) for part in self.speakers_each.split(",")):
            raise SettingsError(
                f"diarization.speakers_each must be numbers or auto, but is {self.speakers_each!r}",
                "Give one number for all, such as 2, or one for each, such as 1,auto.",
            )
        at_least = max(self.speakers or 1, self.min_speakers or 1)
        if any(most is not None and at_least > most for most in (self.speakers, self.max_speakers)):
            counts = {name: getattr(self, name) for name in ("speakers", "min_speakers", "max_speakers")}
            given = " and ".join(f"{name} = {count}" for name, count in counts.items() if count is not None)
            raise SettingsError(
                f"no number of speakers satisfies {given}", "Give the number, or the minimum and the maximum."
            )
