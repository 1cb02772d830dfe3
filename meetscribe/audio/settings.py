"""The settings of decoding: the track and the limits."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """The track to decode, and the limits, because a small file may decode to days of audio.

    Raises SettingsError for a value out of range.
    """

    stream: int | None = option(None, "audio track to decode if a recording has several, counted from 1")
    max_duration: Seconds = option(86_400.0, "maximum length of a recording, in seconds")
    max_memory_mb: int = option(1024, "memory limit of the decoder in megabytes (enforced on Linux only)")
    timeout: Seconds = option(60.0, "seconds without new audio after which decoding is stopped")

    def __post_init__(self) -> None:
        if self.stream is not None and self.stream < 1:
            raise SettingsError(f"audio.stream is counted from 1, but is {self.stream}")
        for name in ("max_duration", "max_memory_mb", "timeout"):
            if not 0 < getattr(self, name) < 1e9:
                raise SettingsError(f"audio.{name} must be more than 0 and less than 1e9, not {getattr(self, name)}")
