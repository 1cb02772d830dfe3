"""Speaker segmentation: the activity of local, unnamed speakers in each frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.segmentation.bundled import bundled_checkpoint, load_bundled
    from meetscribe.segmentation.checkpoint import load_checkpoint
    from meetscribe.segmentation.frames import active_runs
    from meetscribe.segmentation.speech_activity import detect_speech_activity

__all__ = ["active_runs", "bundled_checkpoint", "detect_speech_activity", "load_bundled", "load_checkpoint"]

__getattr__ = lazy_names(
    __name__,
    {
        "active_runs": "frames",
        "bundled_checkpoint": "bundled",
        "detect_speech_activity": "speech_activity",
        "load_bundled": "bundled",
        "load_checkpoint": "checkpoint",
    },
)
