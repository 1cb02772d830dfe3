"""The models that tell who is active frame by frame, without names; naming voices is diarization's."""

from __future__ import annotations

from meetscribe.segmentation.bundled import bundled_checkpoint, load_bundled
from meetscribe.segmentation.checkpoint import load_checkpoint
from meetscribe.segmentation.frames import active_runs
from meetscribe.segmentation.speech_activity import detect_speech_activity

__all__ = ["active_runs", "bundled_checkpoint", "detect_speech_activity", "load_bundled", "load_checkpoint"]
