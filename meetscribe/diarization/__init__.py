"""Who speaks when, by the bundled pipeline or published ones; whose words they are is attribution's."""

from __future__ import annotations

from meetscribe.diarization.diarizer import PIPELINES, Diarizer, diarize, load_diarizer
from meetscribe.diarization.embedders import Embedder, is_factory
from meetscribe.diarization.settings import DiarizationSettings

__all__ = ["PIPELINES", "DiarizationSettings", "Diarizer", "Embedder", "diarize", "is_factory", "load_diarizer"]
