"""Who is active frame by frame, without names: the models that tell; naming the voices is the diarization room's."""

from __future__ import annotations

from meetscribe.segmentation.bundled import bundled_checkpoint, load_bundled
from meetscribe.segmentation.checkpoint import load_checkpoint

__all__ = ["bundled_checkpoint", "load_bundled", "load_checkpoint"]
