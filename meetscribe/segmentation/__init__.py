"""The models that tell who is active frame by frame, without names; naming voices is diarization's."""

from __future__ import annotations

from meetscribe.segmentation.bundled import bundled_checkpoint, load_bundled
from meetscribe.segmentation.checkpoint import load_checkpoint

__all__ = ["bundled_checkpoint", "load_bundled", "load_checkpoint"]
