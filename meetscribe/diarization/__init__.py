"""Speaker diarization with pyannote.audio, by the bundled pipeline or a published one.

README.md describes the pipelines, and how to use other embedders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.diarization.diarizer import Diarizer
    from meetscribe.diarization.embedders import Embedder, is_factory
    from meetscribe.diarization.loading.pipelines import PIPELINES, load_diarizer
    from meetscribe.diarization.settings import DiarizationSettings
    from meetscribe.diarization.speakers import Analyser, Analysis, find_speakers

__all__ = [
    "PIPELINES",
    "Analyser",
    "Analysis",
    "DiarizationSettings",
    "Diarizer",
    "Embedder",
    "find_speakers",
    "is_factory",
    "load_diarizer",
]

__getattr__ = lazy_names(
    __name__,
    {
        "PIPELINES": "loading.pipelines",
        "Analyser": "speakers",
        "Analysis": "speakers",
        "DiarizationSettings": "settings",
        "Diarizer": "diarizer",
        "Embedder": "embedders",
        "find_speakers": "speakers",
        "is_factory": "embedders",
        "load_diarizer": "loading.pipelines",
    },
)
