"""The settings of speech detection and chunking."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds

MAX_CHUNK: Seconds = 30.0
"""The input length of Whisper, which would ignore the rest of a longer chunk."""

MIN_FILLED = 0.5
"""Speech that is too long is split at the best pause after this share of the maximum length."""


@dataclass(frozen=True, slots=True)
class VadSettings:
    """The settings of speech detection and of chunks for the recogniser.

    The defaults were chosen by hand. Raises SettingsError for a value out of range.
    """

    threshold: float = option(0.25, "probability of speech that a detected span must reach, 0 to 1")
    min_silence: Seconds = option(0.25, "pauses shorter than this many seconds are filled")
    min_speech: Seconds = option(0.1, "sounds shorter than this many seconds are ignored")
    pad: Seconds = option(0.3, "seconds added before and after speech")
    max_chunk: Seconds = option(29.0, "maximum length of a chunk for the recogniser in seconds, at most 30")
    merge_gap: Seconds = option(2.0, "speech is combined into one chunk across pauses shorter than this many seconds")

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise SettingsError(f"vad.threshold must be between 0 and 1, not {self.threshold}")
        for name in ("min_silence", "min_speech", "pad", "merge_gap"):
            if not getattr(self, name) >= 0:
                raise SettingsError(f"vad.{name} must not be negative, but is {getattr(self, name)}")
        if not 1 <= self.max_chunk <= MAX_CHUNK:
            raise SettingsError(f"vad.max_chunk must be 1 to {MAX_CHUNK:.0f} seconds, not {self.max_chunk}")
        if 2 * self.pad > self.max_chunk / 2:
            raise SettingsError(f"vad.pad of {self.pad} s leaves no room for speech in chunks of {self.max_chunk} s")
