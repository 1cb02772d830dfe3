"""Recognition of windows: one loaded engine, a fair queue of sessions, context, language and quality control."""

from __future__ import annotations

from meetscribe.live.recognition.loading import load_recogniser
from meetscribe.live.recognition.recogniser import LiveRecogniser, StreamRecogniser

__all__ = ["LiveRecogniser", "StreamRecogniser", "load_recogniser"]
