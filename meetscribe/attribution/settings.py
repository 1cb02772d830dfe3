"""The settings of attribution; what they do is in assignment and cutting."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option


@dataclass(frozen=True, slots=True)
class AttributionSettings:
    """How words get their speakers and segments their borders; times in seconds.

    Raises SettingsError for a negative value, or a `max_segment` of zero.
    """

    max_gap: float = option(2.0, "a word further than this from every turn has no speaker")
    snap_words: int = option(0, "words that may change speaker so that speakers change at a sentence end")
    sentence_pause: float = option(0.3, "a segment ends at a sentence end followed by a pause this long")
    pause: float = option(1.0, "a segment ends at a pause this long, wherever it falls")
    max_segment: float = option(30.0, "a segment is at most this long, unless a single word is longer")

    def __post_init__(self) -> None:
        for name in ("max_gap", "snap_words", "sentence_pause", "pause", "max_segment"):
            if not getattr(self, name) >= 0:
                raise SettingsError(f"attribution.{name} must not be negative, but is {getattr(self, name)}")
        if self.max_segment == 0:
            raise SettingsError("attribution.max_segment must be more than 0 seconds")
