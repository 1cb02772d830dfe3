"""How far a result lies from the truth, as values that add; reading files is not here."""

from __future__ import annotations

from meetscribe.evaluation.boundaries import Offsets, WordBoundaryError, word_boundary_error
from meetscribe.evaluation.normalization import normalize
from meetscribe.evaluation.rates import (
    CpErrorRate,
    DiarizationErrorRate,
    ErrorRate,
    JaccardErrorRate,
    WordDiarizationErrorRate,
)
from meetscribe.evaluation.speakers import UNNAMED, cpwer, spoken_words, wder, words_by_speaker
from meetscribe.evaluation.turns import der, jer, speaker_count_error
from meetscribe.evaluation.words import cer, wer

__all__ = [
    "UNNAMED",
    "CpErrorRate",
    "DiarizationErrorRate",
    "ErrorRate",
    "JaccardErrorRate",
    "Offsets",
    "WordBoundaryError",
    "WordDiarizationErrorRate",
    "cer",
    "cpwer",
    "der",
    "jer",
    "normalize",
    "speaker_count_error",
    "spoken_words",
    "wder",
    "wer",
    "word_boundary_error",
    "words_by_speaker",
]
