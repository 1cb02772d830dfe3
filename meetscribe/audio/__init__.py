"""The recording as samples: decoding every common container; what is heard in them is other rooms' matter."""

from __future__ import annotations

from meetscribe.audio.decode import load_audio
from meetscribe.audio.values import SAMPLE_RATE, Audio, Samples

__all__ = ["SAMPLE_RATE", "Audio", "Samples", "load_audio"]
