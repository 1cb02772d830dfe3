"""Decoding of recordings to samples: any common container, in a separate process with limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.audio.values import SAMPLE_RATE, Audio, Samples
from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.audio.crosstalk import without_crosstalk
    from meetscribe.audio.loading import load_audio, load_channels
    from meetscribe.audio.opening import open_recording, require_recording
    from meetscribe.audio.recording import Recording
    from meetscribe.audio.session_folder import is_session_folder
    from meetscribe.audio.settings import AudioSettings
    from meetscribe.audio.streaming.process import StreamDecoder

__all__ = [
    "SAMPLE_RATE",
    "Audio",
    "AudioSettings",
    "Recording",
    "Samples",
    "StreamDecoder",
    "is_session_folder",
    "load_audio",
    "load_channels",
    "open_recording",
    "require_recording",
    "without_crosstalk",
]

__getattr__ = lazy_names(
    __name__,
    {
        "AudioSettings": "settings",
        "Recording": "recording",
        "StreamDecoder": "streaming.process",
        "is_session_folder": "session_folder",
        "load_audio": "loading",
        "load_channels": "loading",
        "open_recording": "opening",
        "require_recording": "opening",
        "without_crosstalk": "crosstalk",
    },
)
