"""Speech activity of live audio: speech probabilities, and the utterances derived from them."""

from __future__ import annotations

from meetscribe.live.activity.gate import Activity, End, Piece, Silence, Speech, SpeechGate, Start
from meetscribe.live.activity.silero import FRAME, StreamingSilero

__all__ = ["FRAME", "Activity", "End", "Piece", "Silence", "Speech", "SpeechGate", "Start", "StreamingSilero"]
