"""The models that a run needs: where they lie, fetching and converting them; running them is the stages'."""

from __future__ import annotations

from meetscribe.weights.catalogue import aligner_need, embedder_need, pipeline_needs, whisper_need
from meetscribe.weights.checking import check
from meetscribe.weights.fetching import fetch, pull
from meetscribe.weights.fingerprint import identify
from meetscribe.weights.needs import Found, Need
from meetscribe.weights.store import locate, revision_of
from meetscribe.weights.verifying import Verdict, verify
from meetscribe.weights.whisper import (
    alignment_heads,
    converted,
    copied,
    is_ctranslate2,
    is_transformers_whisper,
    trained_languages,
)

__all__ = [
    "Found",
    "Need",
    "Verdict",
    "aligner_need",
    "alignment_heads",
    "check",
    "converted",
    "copied",
    "embedder_need",
    "fetch",
    "identify",
    "is_ctranslate2",
    "is_transformers_whisper",
    "locate",
    "pipeline_needs",
    "pull",
    "revision_of",
    "trained_languages",
    "verify",
    "whisper_need",
]
