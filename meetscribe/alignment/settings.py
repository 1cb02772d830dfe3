"""The settings of alignment."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class AlignmentSettings:
    """The aligner, its batch size, and the padding of segments. Raises SettingsError for a value out of range."""

    enabled: bool = option(True, "find the times of words by forced alignment")
    model: str = option(
        "auto", "aligner: a directory, an id on the Hugging Face hub, or auto for the language's default", path=True
    )
    batch_size: int = option(8, "number of segments, or parts of them in one language, aligned at once")
    pad: Seconds = option(0.2, "seconds before and after a segment in which its words may be found")
    char_times: bool = option(False, "find the times of characters as well")

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise SettingsError(f"alignment.batch_size must be at least 1, but is {self.batch_size}")
        if not self.pad >= 0:
            raise SettingsError(f"alignment.pad must not be negative, but is {self.pad}")
