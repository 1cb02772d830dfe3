"""Live transcription with speakers; see README.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.live.events import Draft, Event, read_events
from meetscribe.live.transcript import LiveSegment, LiveTranscript
from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.live.processing.processor import Parts
    from meetscribe.live.recognition.loading import load_recogniser
    from meetscribe.live.recognition.recogniser import LiveRecogniser
    from meetscribe.live.session import Session
    from meetscribe.live.settings import LiveSettings, live_settings

__all__ = [
    "Draft",
    "Event",
    "LiveRecogniser",
    "LiveSegment",
    "LiveSettings",
    "LiveTranscript",
    "Parts",
    "Session",
    "live_settings",
    "load_recogniser",
    "read_events",
]

__getattr__ = lazy_names(
    __name__,
    {
        "LiveRecogniser": "recognition.recogniser",
        "LiveSettings": "settings",
        "Parts": "processing.processor",
        "Session": "session",
        "live_settings": "settings",
        "load_recogniser": "recognition.loading",
    },
)
