"""The settings of a live session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meetscribe.errors import SettingsError
from meetscribe.settings import Settings
from meetscribe.timeline import Seconds

_LONG: Seconds = 15.0


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """The settings of utterances, windows and the commit policy. Times are in seconds.

    Speech starts when the probability of speech reaches `threshold` for `min_speech`, and ends when it stays below
    half of that for `min_silence`; `preroll` is the audio before the start that belongs to it. An utterance is
    recognised again after each `step` of new audio. Above `trim` it is cut at a committed word; a window never
    exceeds `max_window`. `context` is the length of the committed text that is given to the model, in characters.
    `certain` is the probability from which a word is committed without a second hypothesis, `settled` the audio after
    it from which it is; None for never.
    `backlog` is the audio that waits in memory when the recogniser is late. A model that gives no result for
    `patience` is reported. Raises SettingsError for a value out of range.
    """

    step: Seconds = 1.0
    threshold: float = 0.4
    min_speech: Seconds = 0.064
    min_silence: Seconds = 0.5
    preroll: Seconds = 0.5
    trim: Seconds = 15.0
    max_window: Seconds = 28.0
    context: int = 200
    certain: float | None = 0.9
    settled: Seconds | None = 1.8
    backlog: Seconds = 600.0
    patience: Seconds = 20.0

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise SettingsError(f"the threshold of live speech must be between 0 and 1, not {self.threshold}")
        for name in ("step", "min_silence", "trim", "backlog", "patience"):
            if not getattr(self, name) > 0:
                raise SettingsError(f"{name} of a live session must be more than 0 s, not {getattr(self, name)}")
        if not self.trim < self.max_window <= 30:
            raise SettingsError(f"max_window must be more than trim ({self.trim} s) and at most 30 s")
        if min(self.preroll, self.min_speech, self.context) < 0:
            raise SettingsError("preroll, min_speech and context of a live session must not be negative")


def live_settings(settings: Settings, **changes: Any) -> LiveSettings:
    """Return the settings of a live session that follow from those of the batch pipeline.

    Windows are no longer than its chunks, and an utterance ends no later than a chunk does. `changes` are values of
    LiveSettings.
    """
    default, vad = LiveSettings(), settings.vad
    longest = min(default.max_window, vad.max_chunk)
    derived = {
        "max_window": longest,
        "trim": min(default.trim, 0.6 * longest),
        "min_silence": min(default.min_silence, max(vad.min_silence, vad.merge_gap)),
        # A model for short chunks was not trained on preceding text, nor for probabilities in the middle of speech.
        "context": default.context if longest >= _LONG else 0,
        "certain": default.certain if longest >= _LONG else None,
        "preroll": min(default.preroll, vad.pad + default.min_speech),
    }
    return LiveSettings(**{**derived, **changes})
