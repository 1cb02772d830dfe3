"""The settings of decoding: which sound of a recording, and how much it may take of this machine."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """Which track is decoded, and the limits at which a file is given up: small files may unpack to days.

    Raises SettingsError for a value out of its range.
    """

    stream: int | None = option(None, "which audio track of a recording with several, counted from 1")
    max_duration: Seconds = option(86_400.0, "the longest recording that is taken, in seconds")
    max_memory_mb: int = option(1024, "megabytes that the decoder may use (held on Linux only)")
    timeout: Seconds = option(60.0, "seconds without any new sound after which decoding is given up")

    def __post_init__(self) -> None:
        if self.stream is not None and self.stream < 1:
            raise SettingsError(f"audio.stream is counted from 1, but is {self.stream}")
        for name in ("max_duration", "max_memory_mb", "timeout"):
            if not 0 < getattr(self, name) < 1e9:
                raise SettingsError(f"audio.{name} must be more than 0 and less than 1e9, not {getattr(self, name)}")
