"""Who speaks when: pyannote pipelines, the bundled one and published ones; whose words they are is attribution's."""

from __future__ import annotations

from meetscribe.diarization.diarizer import PIPELINES, Diarizer, diarize, load_diarizer
from meetscribe.diarization.settings import DiarizationSettings

__all__ = ["PIPELINES", "DiarizationSettings", "Diarizer", "diarize", "load_diarizer"]
