"""When each word is spoken, found by a network that hears letters; which words those are is asr's matter."""

from __future__ import annotations

from meetscribe.alignment.emissions import Aligner
from meetscribe.alignment.forced_alignment import align
from meetscribe.alignment.models import ALIGNERS, AlignerModel, default_aligner
from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.alignment.wav2vec2 import load_aligner

__all__ = [
    "ALIGNERS",
    "Aligner",
    "AlignerModel",
    "AlignmentSettings",
    "align",
    "default_aligner",
    "load_aligner",
]
