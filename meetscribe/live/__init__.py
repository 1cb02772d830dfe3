"""Live transcription: words and speakers while people talk; see README.md."""

from __future__ import annotations

from meetscribe.live.events import Draft, Event, read_events
from meetscribe.live.transcript import LiveSegment, LiveTranscript

__all__ = ["Draft", "Event", "LiveSegment", "LiveTranscript", "read_events"]
