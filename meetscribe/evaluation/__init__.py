"""How far a result lies from the truth, as values that add; reading files is not here."""

from __future__ import annotations

from meetscribe.evaluation.boundaries import (
    Offsets,
    WordBoundaryError,
    WordDetection,
    word_boundary_error,
    words_found,
)
from meetscribe.evaluation.normalization import NORMALIZATIONS, Normalization, normalize
from meetscribe.evaluation.rates import CpErrorRate, ErrorRate, Rate, WordDiarizationErrorRate
from meetscribe.evaluation.sampling import Comparison, compare, interval
from meetscribe.evaluation.scoring import METRICS, EvaluationSettings, Metric, Scores, Unknown, add_up, score
from meetscribe.evaluation.speakers import cpwer, tcpwer, wder
from meetscribe.evaluation.spoken import UNNAMED, Spoken, spoken_words, texts, utterances_of, words_by_speaker
from meetscribe.evaluation.streams import orcwer
from meetscribe.evaluation.times import DiarizationErrorRate, JaccardErrorRate, SpeakerCountError, TimeShare
from meetscribe.evaluation.turns import coverage, der, jer, purity, speaker_count_error
from meetscribe.evaluation.words import cer, wer

__all__ = [
    "METRICS",
    "NORMALIZATIONS",
    "UNNAMED",
    "Comparison",
    "CpErrorRate",
    "DiarizationErrorRate",
    "ErrorRate",
    "EvaluationSettings",
    "JaccardErrorRate",
    "Metric",
    "Normalization",
    "Offsets",
    "Rate",
    "Scores",
    "SpeakerCountError",
    "Spoken",
    "TimeShare",
    "Unknown",
    "WordBoundaryError",
    "WordDetection",
    "WordDiarizationErrorRate",
    "add_up",
    "cer",
    "compare",
    "coverage",
    "cpwer",
    "der",
    "interval",
    "jer",
    "normalize",
    "orcwer",
    "purity",
    "score",
    "speaker_count_error",
    "spoken_words",
    "tcpwer",
    "texts",
    "utterances_of",
    "wder",
    "wer",
    "word_boundary_error",
    "words_by_speaker",
    "words_found",
]
