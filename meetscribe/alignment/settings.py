"""The settings of alignment; nothing is loaded here."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class AlignmentSettings:
    """Which network finds the times of the words, and where it looks for them.

    Raises SettingsError for a value out of its range.
    """

    enabled: bool = option(True, "find the time of each word in the sound")
    model: str = option("auto", "the aligner: a directory, an id of the Hugging Face hub, or by language", path=True)
    batch_size: int = option(8, "segments aligned at once")
    pad: Seconds = option(0.2, "seconds before and after a segment in which its words may lie")
    char_times: bool = option(False, "find the time of each character too")

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise SettingsError(f"alignment.batch_size must be at least 1, but is {self.batch_size}")
        if not self.pad >= 0:
            raise SettingsError(f"alignment.pad must not be negative, but is {self.pad}")
