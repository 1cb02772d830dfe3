"""Scores of transcripts against references, as values that can be added; see `README.md` in this folder.

Functions that need numpy are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.evaluation.comparison import Comparison
from meetscribe.evaluation.metrics.diarization_errors import coverage, der, jer, purity, speaker_count_error
from meetscribe.evaluation.metrics.edit_distance import cer, wer
from meetscribe.evaluation.metrics.error_rates import CpErrorRate, ErrorRate, Rate, WordDiarizationErrorRate
from meetscribe.evaluation.metrics.speaker_errors import cpwer, tcpwer, wder
from meetscribe.evaluation.metrics.time_rates import (
    DiarizationErrorRate,
    JaccardErrorRate,
    SpeakerCountError,
    TimeShare,
)
from meetscribe.evaluation.metrics.word_boundaries import (
    Offsets,
    WordBoundaryError,
    WordDetection,
    word_boundary_error,
    word_detection,
)
from meetscribe.evaluation.normalization import NORMALIZATIONS, Normalization, normalize
from meetscribe.evaluation.results import Results
from meetscribe.evaluation.scoring import (
    METRICS,
    EvaluationSettings,
    Metric,
    Scores,
    UnknownScore,
    evaluate,
    score,
    total_scores,
)
from meetscribe.evaluation.words import (
    UNKNOWN_SPEAKER,
    ScoredWord,
    scored_utterances,
    scored_words,
    texts,
    words_by_speaker,
)
from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.evaluation.bootstrap import compare, interval
    from meetscribe.evaluation.metrics.orc_wer import orcwer

__all__ = [
    "METRICS",
    "NORMALIZATIONS",
    "UNKNOWN_SPEAKER",
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
    "Results",
    "ScoredWord",
    "Scores",
    "SpeakerCountError",
    "TimeShare",
    "UnknownScore",
    "WordBoundaryError",
    "WordDetection",
    "WordDiarizationErrorRate",
    "cer",
    "compare",
    "coverage",
    "cpwer",
    "der",
    "evaluate",
    "interval",
    "jer",
    "normalize",
    "orcwer",
    "purity",
    "score",
    "scored_utterances",
    "scored_words",
    "speaker_count_error",
    "tcpwer",
    "texts",
    "total_scores",
    "wder",
    "wer",
    "word_boundary_error",
    "word_detection",
    "words_by_speaker",
]

__getattr__ = lazy_names(__name__, {"compare": "bootstrap", "interval": "bootstrap", "orcwer": "metrics.orc_wer"})


def __dir__() -> list[str]:
    return sorted(__all__)
