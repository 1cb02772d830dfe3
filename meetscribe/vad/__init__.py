"""Where anybody speaks, and the chunks in which a recogniser listens; who speaks is diarization's matter."""

from __future__ import annotations

from meetscribe.vad.chunks import make_chunks
from meetscribe.vad.detection import detect_speech
from meetscribe.vad.settings import VadSettings

__all__ = ["VadSettings", "detect_speech", "make_chunks"]
