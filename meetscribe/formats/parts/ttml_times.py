"""Time expressions of TTML: clock times with fractions or frames, and offsets with a unit (TTML2, 12.3.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from meetscribe.formats.parts.xml_documents import attribute_of
from meetscribe.timeline import Seconds

_CLOCK = re.compile(r"(\d{1,5}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9})|:(\d{1,3})(?:\.(\d{1,3}))?)?")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_LATEST = 1e9  # seconds


@dataclass(frozen=True, slots=True)
class Rates:
    """The frame rate, sub-frame rate and tick rate of a file."""

    frames_per_second: float = 30.0
    subframes_per_frame: float = 1.0
    ticks_per_second: float = 1.0

    @classmethod
    def of(cls, root: Element) -> Rates:
        """Return the rates that the root element states, or the defaults of the standard for missing ones."""
        frames = _number(attribute_of(root, "frameRate"), 0.0)
        parts = _number(attribute_of(root, "subFrameRate"), 1.0)
        multiplier = [_number(text, 1.0) for text in (attribute_of(root, "frameRateMultiplier") or "").split()]
        rate = (frames or 30.0) * (multiplier[0] / multiplier[1] if len(multiplier) == 2 else 1.0)
        ticks = _number(attribute_of(root, "tickRate"), frames * parts if frames else 1.0)
        return cls(rate, parts, ticks)

    def seconds(self, text: str | None) -> Seconds | None:
        """Return the seconds of a time expression; None if it is missing or invalid.

        >>> Rates(25.0).seconds("00:00:01:12"), Rates().seconds("1.5s"), Rates().seconds("soon")
        (1.48, 1.5, None)
        """
        if clock := _CLOCK.fullmatch((text or "").strip()):
            hours, minutes, seconds, fraction, frames, parts = (group or "" for group in clock.groups())
            whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
            rest = (int(frames or 0) + int(parts or 0) / self.subframes_per_frame) / self.frames_per_second
            return whole + (float(f"0.{fraction}") if fraction else rest)
        if offset := _OFFSET.fullmatch((text or "").strip()):
            units = _UNITS | {"f": 1 / self.frames_per_second, "t": 1 / self.ticks_per_second}
            time = float(offset[1]) * units[offset[2]]
            return time if time < _LATEST else None
        return None


def _number(text: str | None, otherwise: float) -> float:
    """Return a positive whole number, or `otherwise`."""
    return float(text) if text and re.fullmatch(r"\d{1,12}", text) and int(text) else otherwise
