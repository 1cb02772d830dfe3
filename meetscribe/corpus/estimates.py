"""The progress of recordings and the estimated time left, as numbers and as text."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from meetscribe.corpus.events import Event
from meetscribe.timeline import Seconds

# The share of a recording's time at which each stage typically begins.
_STAGE_STARTS = {
    "audio": 0.0,
    "speech": 0.03,
    "segmentation": 0.06,
    "transcription": 0.15,
    "alignment": 0.6,
    "coverage": 0.7,
    "diarization": 0.72,
    "attribution": 0.99,
    "profiles": 0.992,
}

_TRANSCRIBING = 0.2  # the share of a recording from which on its transcription is under way
_LONG: Seconds = 600.0


@dataclass
class ProgressEstimate:
    """The progress of recordings, weighted by their sizes in bytes, from the events received so far.

    `ended` counts the recordings that have ended; `shares` has the share of each that is done. The time left is
    unknown if `is_predictable` is false, because stages are repeated an unknown number of times.
    """

    sizes: Mapping[Path, int]
    started: float = field(default_factory=time.monotonic)
    ended: int = 0
    shares: dict[Path, float] = field(default_factory=dict)
    is_predictable: bool = True
    _working_since: float | None = None  # the first stage after the weights
    _begun: set[tuple[Path, str]] = field(default_factory=set)
    _cached: float = 0.0  # the share that earlier runs have made
    _longest: Seconds = 0.0  # the duration of the longest recording so far

    @property
    def elapsed(self) -> Seconds:
        """The time since the start."""
        return time.monotonic() - self.started

    @property
    def is_working(self) -> bool:
        """Whether a stage of a recording has begun."""
        return self._working_since is not None

    @property
    def share(self) -> float:
        """The share of all bytes that is done, without skipped recordings."""
        total = sum(self.sizes.values())
        return sum(self.sizes.get(path, 0) * share for path, share in self.shares.items()) / total if total else 1.0

    @property
    def remaining(self) -> Seconds | None:
        """The time left at the speed so far, or None while too little is done to tell.

        At first, most of the time is spent on loading models. This hardly counts in a long recording, or once a
        recording of a batch has ended.
        """
        done = self.share - self._cached
        if self._working_since is None or not self.is_predictable:
            return None
        is_amortised = self.ended > 0 or self._longest >= _LONG
        is_advanced = max(self.shares.values(), default=0.0) >= _TRANSCRIBING
        if done < 0.01 or not (is_amortised or (is_advanced and done >= 0.05 - 1e-9)):
            return None
        return (time.monotonic() - self._working_since) * (1 - self.share) / done

    def is_cached(self, event: Event) -> bool:
        """Return whether a stage event reports a result of an earlier run."""
        return event.done >= 1 and (event.recording, event.stage) not in self._begun

    def update(self, event: Event) -> None:
        """Take an event into account."""
        if event.kind == "skip" or (event.kind == "end" and event.status is not None):
            self.ended += 1
            self.shares[event.recording] = 1.0
        if event.kind == "skip":
            self.sizes = {path: size for path, size in self.sizes.items() if path != event.recording}
        if event.kind == "stage":
            self._longest = max(self._longest, event.duration or 0.0)
            if event.done < 1:
                self._begun.add((event.recording, event.stage))
            if event.stage in _STAGE_STARTS:
                self._working_since = self._working_since or time.monotonic()
                self._update_stage(event)

    def _update_stage(self, event: Event) -> None:
        """Take the progress of a stage into account."""
        names = list(_STAGE_STARTS)
        following = names[names.index(event.stage) + 1 :]
        start = _STAGE_STARTS[event.stage]
        end = _STAGE_STARTS[following[0]] if following else 1.0
        before = self.share
        self.shares[event.recording] = max(start + event.done * (end - start), self.shares.get(event.recording, 0.0))
        if self.is_cached(event):
            self._cached += self.share - before


def format_position(event: Event) -> str:
    """Return the position of a stage in the recording, or a percentage if the recording's duration is unknown."""
    if event.duration is None:
        return f"{event.done:.0%}"
    return f"{format_duration(event.done * event.duration)} of {format_duration(event.duration)}"


def format_times(estimate: ProgressEstimate) -> str:
    """Return the time elapsed and, if known, the time left."""
    left = "" if estimate.remaining is None else f", about {format_duration(estimate.remaining)} left"
    return f"{format_duration(estimate.elapsed)} elapsed{left}"


def format_duration(seconds: Seconds) -> str:
    """Return seconds as hours, minutes and seconds.

    >>> format_duration(3725.4)
    '1:02:05'
    """
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
