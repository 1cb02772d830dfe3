"""Speech detection, and the chunks of speech for the recogniser.

Speech for the recogniser is padded, and its short pauses are filled. The speech activity found here is not: with that
of the segmentation model, it limits the times of words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.vad.chunks import make_chunks
    from meetscribe.vad.detection import detect_speech, find_speech
    from meetscribe.vad.settings import VadSettings

__all__ = ["VadSettings", "detect_speech", "find_speech", "make_chunks"]

__getattr__ = lazy_names(
    __name__,
    {
        "VadSettings": "settings",
        "detect_speech": "detection",
        "find_speech": "detection",
        "make_chunks": "chunks",
    },
)
