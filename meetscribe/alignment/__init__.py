"""Word times by CTC forced alignment of a transcript with its recording.

README.md describes how to add the aligner of a language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.alignment.emissions import Aligner
    from meetscribe.alignment.forced_alignment import align
    from meetscribe.alignment.loading import load_aligner
    from meetscribe.alignment.models import ALIGNERS, AlignerModel, default_aligner
    from meetscribe.alignment.settings import AlignmentSettings

__all__ = [
    "ALIGNERS",
    "Aligner",
    "AlignerModel",
    "AlignmentSettings",
    "align",
    "default_aligner",
    "load_aligner",
]

__getattr__ = lazy_names(
    __name__,
    {
        "ALIGNERS": "models",
        "Aligner": "emissions",
        "AlignerModel": "models",
        "AlignmentSettings": "settings",
        "align": "forced_alignment",
        "default_aligner": "models",
        "load_aligner": "loading",
    },
)
