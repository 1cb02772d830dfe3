"""Live speakers: store windows, cluster them repeatedly, and keep the labels of speakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.live.speakers.loading import LiveDiarizer, load_live_diarizer
    from meetscribe.live.speakers.tracker import DiarizationTracker

__all__ = ["DiarizationTracker", "LiveDiarizer", "load_live_diarizer"]

__getattr__ = lazy_names(
    __name__,
    {"DiarizationTracker": "tracker", "LiveDiarizer": "loading", "load_live_diarizer": "loading"},
)
