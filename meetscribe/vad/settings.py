"""The settings of speech detection; nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds

LONGEST_CHUNK: Seconds = 30.0
"""What Whisper hears at once; a longer chunk would be cut off."""

LATER = 0.5
"""A chunk that cannot hold all is filled at least to this share, and ends at the best pause after that."""


@dataclass(frozen=True, slots=True)
class VadSettings:
    """How speech is told from silence, and how it is put together into chunks for the recogniser.

    Raises SettingsError for a value out of its range.
    """

    threshold: float = option(0.25, "how sure the detector must once be that somebody speaks, 0 to 1")
    min_silence: Seconds = option(0.25, "a pause shorter than this many seconds counts as speech")
    min_speech: Seconds = option(0.1, "a sound shorter than this many seconds does not count as speech")
    pad: Seconds = option(0.3, "seconds added before and after speech")
    max_chunk: Seconds = option(29.0, "longest stretch given to the recogniser at once, in seconds, at most 30")
    merge_gap: Seconds = option(2.0, "speech goes into one chunk over pauses shorter than this many seconds")

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise SettingsError(f"vad.threshold must lie between 0 and 1, not {self.threshold}")
        for name in ("min_silence", "min_speech", "pad", "merge_gap"):
            if not getattr(self, name) >= 0:
                raise SettingsError(f"vad.{name} must not be negative, but is {getattr(self, name)}")
        if not 1 <= self.max_chunk <= LONGEST_CHUNK:
            raise SettingsError(f"vad.max_chunk must be 1 to {LONGEST_CHUNK:.0f} seconds, not {self.max_chunk}")
        if 2 * self.pad > self.max_chunk / 2:
            raise SettingsError(f"vad.pad of {self.pad} s leaves no room for speech in chunks of {self.max_chunk} s")
