"""How far work on recordings is, and how long it will take, in numbers and in words; showing it is board and gauge."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.corpus import Event

# Where in a recording's time each stage begins, as a share; roughly, for what is left to wait.
_BEGINS = {
    "audio": 0.0,
    "speech": 0.03,
    "segmentation": 0.06,
    "transcription": 0.15,
    "alignment": 0.6,
    "coverage": 0.7,
    "diarization": 0.72,
    "attribution": 0.99,
}


@dataclass
class Tally:
    """How far recordings are: those that have ended, and the share of each that is done; they come with their bytes."""

    sizes: Mapping[Path, int]
    started: float = field(default_factory=time.monotonic)
    ended: int = 0
    shares: dict[Path, float] = field(default_factory=dict)
    is_foreseen: bool = True  # else stages run again, nobody knows how often
    _working: float | None = None  # since when, models fetched
    _begun: set[tuple[Path, str]] = field(default_factory=set)
    _found: float = 0.0  # the share that was there from an earlier run

    @property
    def elapsed(self) -> Seconds:
        """The time since the work began."""
        return time.monotonic() - self.started

    @property
    def is_working(self) -> bool:
        """Whether a stage of a recording has begun."""
        return self._working is not None

    @property
    def share(self) -> float:
        """The share of all bytes that is done, those of what was skipped left out."""
        whole = sum(self.sizes.values())
        return sum(self.sizes.get(path, 0) * share for path, share in self.shares.items()) / whole if whole else 1.0

    @property
    def remaining(self) -> Seconds | None:
        """The time that is left, by what was done so far; None as long as that is next to nothing."""
        done = self.share - self._found
        if self._working is None or done < 0.01 or not self.is_foreseen:
            return None
        return (time.monotonic() - self._working) * (1 - self.share) / done

    def is_found(self, event: Event) -> bool:
        """Whether an event tells of a stage that was there from an earlier run."""
        return event.done >= 1 and (event.recording, event.stage) not in self._begun

    def take(self, event: Event) -> None:
        """Note an event."""
        if event.kind == "skip" or (event.kind == "end" and event.status is not None):
            self.ended += 1
            self.shares[event.recording] = 1.0
        if event.kind == "skip":
            self.sizes = {path: size for path, size in self.sizes.items() if path != event.recording}
        if event.kind == "stage":
            if event.done < 1:
                self._begun.add((event.recording, event.stage))
            if event.stage in _BEGINS:
                self._working = self._working or time.monotonic()
                self._take_stage(event)

    def _take_stage(self, event: Event) -> None:
        """Note how far a stage of a recording is."""
        names = list(_BEGINS)
        following = names[names.index(event.stage) + 1 :]
        end = _BEGINS[following[0]] if following else 1.0
        share = _BEGINS[event.stage] + event.done * (end - _BEGINS[event.stage])
        before = self.share
        self.shares[event.recording] = max(share, self.shares.get(event.recording, 0.0))
        if self.is_found(event):
            self._found += self.share - before


def position(event: Event) -> str:
    """Where in the recording a stage is; the share of it that is done, as long as the length is not known."""
    if event.duration is None:
        return f"{event.done:.0%}"
    return f"{clock(event.done * event.duration)} of {clock(event.duration)}"


def clocks(tally: Tally) -> str:
    """How long the work has taken, and will."""
    left = "" if tally.remaining is None else f", about {clock(tally.remaining)} left"
    return f"{clock(tally.elapsed)} elapsed{left}"


def clock(seconds: Seconds) -> str:
    """Seconds as hours, minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
