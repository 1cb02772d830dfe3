"""The progress of recordings and the estimated time left, as numbers and as text."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from meetscribe.corpus.events import Event
from meetscribe.corpus.remote.files import Location
from meetscribe.timeline import Seconds

# The typical fraction of a recording's processing time at which each stage begins, chosen by hand.
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

# The time left is estimated as soon as a share of _MIN_DONE is processed in this run, if the time for loading models
# matters little: a recording has ended, or one is _LONG. Otherwise, a recording must have reached the share
# _TRANSCRIBING, and all recordings together _MIN_SHARE.
_MIN_DONE = 0.01
_LONG: Seconds = 600.0
_TRANSCRIBING = 0.2
_MIN_SHARE = 0.05 - 1e-9  # 5 %, less a rounding error


@dataclass
class ProgressEstimate:
    """The progress of recordings, weighted by their sizes in bytes, from the events received so far.

    `ended` counts the ended and the skipped recordings; `shares` holds the completed share of each recording (0 to 1),
    `audio` the seconds of audio with a transcript. `running` is the number of recordings being processed, `failures`
    counts failed ones by class, `retries` repeated attempts. If `is_predictable` is false, because stages are repeated
    an unknown number of times, the time left is unknown. Each update takes constant time.
    """

    sizes: Mapping[Location, int]
    started: float = field(default_factory=time.monotonic)
    ended: int = 0
    shares: dict[Location, float] = field(default_factory=dict)
    is_predictable: bool = True
    running: int = 0
    audio: Seconds = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    _total: float = field(init=False)  # bytes to process
    _processed: float = 0.0  # bytes
    _skipped: int = 0  # recordings
    _furthest: float = 0.0  # the largest share of a recording
    _working_since: float | None = None  # monotonic time of the first stage after the weights
    _begun: dict[Location, set[str]] = field(default_factory=dict)  # stages that have reported progress below 1
    _cached: float = 0.0  # bytes of stages whose results come from earlier runs
    _longest: Seconds = 0.0  # the duration of the longest recording so far

    def __post_init__(self) -> None:
        self._total = sum(self.sizes.values())

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
        """The processed share of all bytes, without skipped recordings."""
        return self._processed / self._total if self._total else 1.0

    @property
    def speed(self) -> float | None:
        """The seconds of audio transcribed per second since the start, None before the first recording is done."""
        return self.audio / self.elapsed if self.audio and self.elapsed else None

    @property
    def remaining(self) -> Seconds | None:
        """The estimated time left at the average speed so far, None while it cannot be estimated yet.

        At first, most of the time is spent on loading models. This matters little for a long recording, or after the
        first recording of a batch.
        """
        done = (self._processed - self._cached) / self._total if self._total else 0.0
        if self._working_since is None or not self.is_predictable:
            return None
        is_amortised = self.ended > self._skipped or self._longest >= _LONG
        is_advanced = self._furthest >= _TRANSCRIBING
        if done < _MIN_DONE or not (is_amortised or (is_advanced and done >= _MIN_SHARE)):
            return None
        return (time.monotonic() - self._working_since) * (1 - self.share) / done

    def is_cached(self, event: Event) -> bool:
        """Return whether a stage event reports a cached result: the stage ends without earlier progress."""
        return event.done >= 1 and event.stage not in self._begun.get(event.recording, ())

    def update(self, event: Event) -> None:
        """Update the estimate with an event."""
        if event.kind == "begin":
            self.running += 1
        elif event.kind == "stage":
            self._update_stage(event)
        elif event.kind == "skip":
            self.ended += 1
            self._skipped += 1
            self._total -= self.sizes.get(event.recording, 0)
        elif event.kind in ("end", "retry"):
            self._update_end(event)

    def _update_end(self, event: Event) -> None:
        """Update the estimate with the end of a recording or of an attempt."""
        self.running = max(self.running - 1, 0)
        self.retries += event.kind == "retry"
        if event.kind == "end" and event.status is not None:
            self.ended += 1
            self._advance(event.recording, 1.0)
            self._begun.pop(event.recording, None)
            if event.status == "failed":
                self.failures[event.failure or "other"] += 1
            else:
                self.audio += event.duration or 0.0

    def _update_stage(self, event: Event) -> None:
        """Update the estimate with the progress of a stage."""
        self._longest = max(self._longest, event.duration or 0.0)
        is_cached = self.is_cached(event)
        if event.done < 1:
            self._begun.setdefault(event.recording, set()).add(event.stage)
        if event.stage not in _STAGE_STARTS:
            return
        self._working_since = self._working_since or time.monotonic()
        names = list(_STAGE_STARTS)
        following = names[names.index(event.stage) + 1 :]
        start = _STAGE_STARTS[event.stage]
        end = _STAGE_STARTS[following[0]] if following else 1.0
        before = self._processed
        self._advance(event.recording, max(start + event.done * (end - start), self.shares.get(event.recording, 0.0)))
        if is_cached:
            self._cached += self._processed - before

    def _advance(self, recording: Location, share: float) -> None:
        """Set the completed share of a recording."""
        self._processed += self.sizes.get(recording, 0) * (share - self.shares.get(recording, 0.0))
        self.shares[recording] = share
        self._furthest = max(self._furthest, share)


def format_position(event: Event) -> str:
    """Return the position of a stage in the recording, or a percentage if the recording's duration is unknown."""
    if event.duration is None:
        return f"{event.done:.0%}"
    return f"{format_duration(event.done * event.duration)} of {format_duration(event.duration)}"


def format_times(estimate: ProgressEstimate) -> str:
    """Return the elapsed time and, if known, the time left, as text."""
    left = "" if estimate.remaining is None else f", about {format_duration(estimate.remaining)} left"
    return f"{format_duration(estimate.elapsed)} elapsed{left}"


def format_duration(seconds: Seconds) -> str:
    """Return seconds as hours, minutes and seconds.

    >>> format_duration(3725.4)
    '1:02:05'
    """
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
