"""The recording as samples: decoding every common container; what is heard in them is other rooms' matter."""

from __future__ import annotations

from meetscribe.audio.crosstalk import without_crosstalk
from meetscribe.audio.loading import load_audio, load_channels
from meetscribe.audio.opening import open_recording
from meetscribe.audio.recording import Recording
from meetscribe.audio.settings import AudioSettings
from meetscribe.audio.values import SAMPLE_RATE, Audio, Samples

__all__ = [
    "Audio",
    "AudioSettings",
    "Recording",
    "SAMPLE_RATE",
    "Samples",
    "load_audio",
    "load_channels",
    "open_recording",
    "without_crosstalk",
]
