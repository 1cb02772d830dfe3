"""The settings of diarization; nothing is loaded here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds

_COUNT = re.compile("[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class DiarizationSettings:
    """Which pipeline finds the speakers, and what is known about them beforehand.

    What is None is as the pipeline or the embedder was tuned. Raises SettingsError for a value out of its
    range, and for numbers of speakers that contradict each other.
    """

    enabled: bool = option(True, "find out who speaks when")
    pipeline: str = option(
        "auto", "community-1, bundled, or a pyannote.audio pipeline: a directory or a hub id", path=True
    )
    embedder: str = option(
        "auto",
        "what tells voices apart in the bundled pipeline: a directory, a hub id, or package.module:function",
        path=True,
    )
    speakers: int | None = option(None, "how many people speak, if that is known")
    min_speakers: int | None = option(None, "how many people speak at least")
    max_speakers: int | None = option(None, "how many people speak at most")
    speakers_each: str = option(
        "1", "how many share each channel or file, with --channels split or --per-speaker: 1,3, or auto to find out"
    )
    token: str | None = option(None, "a Hugging Face token; else HF_TOKEN or the stored one", secret=True)
    allow_code: bool = option(False, "load a pipeline even if its files may run code: trust whoever made it")
    segmentation_threshold: float | None = option(None, "how likely a speaker must be active, 0 to 1")
    clustering_threshold: float | None = option(None, "how far apart voices of one speaker may be, 0 to 2")
    min_cluster_size: int | None = option(None, "how many windows a speaker must be heard in")
    min_duration_off: Seconds = option(0.5, "a pause of a speaker shorter than this many seconds is filled")
    step: float = option(0.1, "how far the window moves, as a share of its length; 0.2 is twice as fast")
    block: Seconds = option(1800.0, "voices are told apart in blocks of so many seconds, which are then linked")
    batch_size: int = option(0, "windows computed at once; 0 is 32 on a graphics card, else 4")

    @property
    def sharing(self) -> tuple[int | None, ...]:
        """How many speak in each channel or file, None where that is to be found out; one number is for all."""
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
        """Raise SettingsError for a count of zero, and unless some number of speakers fits them all."""
        for name in ("speakers", "min_speakers", "max_speakers", "min_cluster_size"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SettingsError(f"diarization.{name} must be at least 1, but is {value}")
        if any(part.strip() != "auto" and not _COUNT.fullmatch(part.strip()) for part in self.speakers_each.split(",")):
            raise SettingsError(
                f"diarization.speakers_each must be numbers or auto, but is {self.speakers_each!r}",
                "Give one for all, such as 2, or one for each, such as 1,auto.",
            )
        at_least = max(self.speakers or 1, self.min_speakers or 1)
        if any(most is not None and at_least > most for most in (self.speakers, self.max_speakers)):
            raise SettingsError(
                f"no number of speakers fits speakers={self.speakers}, min_speakers={self.min_speakers} "
                f"and max_speakers={self.max_speakers}",
                "Give the number, or the least and the most.",
            )
