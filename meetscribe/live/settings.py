"""The settings of a live session: the table [live] of a settings file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.settings import Settings
from meetscribe.settings.other_tables import table_values
from meetscribe.timeline import Seconds

_LONG: Seconds = 15.0
"""The length of chunks (`vad.max_chunk`) below which a model counts as one for short chunks."""
_NOT_NEGATIVE = ("preroll", "min_speech", "hold", "lookback", "lookback_gap", "context")


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Settings of a live session: utterances, windows and the commit policy. Times are in seconds.

    Raises SettingsError for a value out of range.
    """

    step: Seconds = option(1.0, "seconds of new audio after which an utterance is recognised again")
    threshold: float = option(0.4, "probability from which a frame counts as speech; speech ends below half of it")
    min_speech: Seconds = option(0.064, "seconds of speech that start an utterance")
    min_silence: Seconds = option(0.5, "seconds of silence that end an utterance and commit its words")
    preroll: Seconds = option(0.5, "seconds before the start of speech that belong to the utterance")
    trim: Seconds = option(15.0, "length of an utterance above which it is cut at a committed word")
    max_window: Seconds = option(28.0, "longest window in seconds, at most 30")
    hold: Seconds = option(1.0, "seconds after an utterance for which its contradicted words wait for further speech")
    lookback: Seconds = option(15.0, "longest window, in seconds, that includes audio before its utterance")
    lookback_gap: Seconds = option(2.0, "longest pause between two utterances that are recognised together")
    context: int = option(200, "characters of committed text given to the model")
    certain: float | None = option(0.9, "probability from which a word is committed at once; none for never")
    settled: Seconds | None = option(1.6, "seconds of audio after a word that commit it; none for never")
    backlog: Seconds = option(600.0, "seconds of waiting audio kept in memory; the rest waits in the recording, if any")
    patience: Seconds = option(20.0, "seconds of waiting for the model after which an error is published")

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise SettingsError(f"live.threshold must be between 0 and 1, but is {self.threshold}")
        if self.certain is not None and not 0 < self.certain <= 1:
            raise SettingsError(f"live.certain must be above 0 and at most 1, but is {self.certain}")
        for name in ("step", "min_silence", "trim", "backlog", "patience"):
            if not getattr(self, name) > 0:
                raise SettingsError(f"live.{name} must be more than 0 s, but is {getattr(self, name)}")
        if not self.trim < self.max_window <= 30:
            raise SettingsError(f"live.max_window must be more than live.trim ({self.trim:g} s) and at most 30 s")
        if any(getattr(self, name) < 0 for name in _NOT_NEGATIVE) or (self.settled or 0.0) < 0:
            raise SettingsError(f"live.{', '.join(_NOT_NEGATIVE)} and settled must not be negative")


def load_live_settings(
    settings: Settings, config: str | Path | None = None, overrides: Mapping[str, object] | None = None
) -> LiveSettings:
    """Return the settings of the table [live] from all sources; those not given follow from the batch pipeline.

    Raises SettingsError for an unknown name or an invalid value.
    """
    return live_settings(settings, **table_values("live", LiveSettings, config, overrides))


def live_settings(settings: Settings, **changes: Any) -> LiveSettings:
    """Return the settings of a live session that follow from those of the batch pipeline.

    Windows are no longer than its chunks, and no more silence ends an utterance than ends a chunk. `changes` are values
    of LiveSettings, which replace these.
    """
    default, vad = LiveSettings(), settings.vad
    longest = min(default.max_window, vad.max_chunk)
    derived = {
        "max_window": longest,
        "trim": min(default.trim, 0.6 * longest),
        "min_silence": min(default.min_silence, max(vad.min_silence, vad.merge_gap)),
        # A model for short chunks was not trained on preceding text, nor on audio that ends within speech, as windows
        # do: there, its probabilities of words cannot be relied on.
        "context": default.context if longest >= _LONG else 0,
        "certain": default.certain if longest >= _LONG else None,
        "lookback": min(default.lookback, longest) if vad.merge_gap else 0.0,
        "lookback_gap": vad.merge_gap,
        # The next utterance decides contradicted words only if its window includes their audio.
        "hold": default.hold if vad.merge_gap else 0.0,
        # A little more than `vad.pad`, because the preroll is rounded down to whole frames.
        "preroll": min(default.preroll, vad.pad + default.min_speech),
    }
    return LiveSettings(**{**derived, **changes})
