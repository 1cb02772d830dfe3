"""Model weights: specification, location on this machine, download, verification and conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.weights.catalogue import (
        aligner_spec,
        embedder_spec,
        pipeline_specs,
        segmentation_spec,
        whisper_spec,
    )
    from meetscribe.weights.checking import check
    from meetscribe.weights.fetching import fetch, pull
    from meetscribe.weights.fingerprint import identify
    from meetscribe.weights.specification import LocatedModel, ModelSpec
    from meetscribe.weights.store import locate, revision_of
    from meetscribe.weights.verifying import Verification, verify
    from meetscribe.weights.whisper import (
        Layout,
        alignment_heads,
        converted,
        copy_converted,
        is_ctranslate2,
        is_transformers_whisper,
        trained_languages,
    )

__all__ = [
    "LocatedModel",
    "Layout",
    "ModelSpec",
    "Verification",
    "aligner_spec",
    "alignment_heads",
    "check",
    "converted",
    "copy_converted",
    "embedder_spec",
    "fetch",
    "identify",
    "is_ctranslate2",
    "is_transformers_whisper",
    "locate",
    "pipeline_specs",
    "pull",
    "revision_of",
    "segmentation_spec",
    "trained_languages",
    "verify",
    "whisper_spec",
]

__getattr__ = lazy_names(
    __name__,
    {
        "LocatedModel": "specification",
        "Layout": "whisper",
        "ModelSpec": "specification",
        "Verification": "verifying",
        "aligner_spec": "catalogue",
        "alignment_heads": "whisper",
        "check": "checking",
        "converted": "whisper",
        "copy_converted": "whisper",
        "embedder_spec": "catalogue",
        "fetch": "fetching",
        "identify": "fingerprint",
        "is_ctranslate2": "whisper",
        "is_transformers_whisper": "whisper",
        "locate": "store",
        "pipeline_specs": "catalogue",
        "pull": "fetching",
        "revision_of": "store",
        "segmentation_spec": "catalogue",
        "trained_languages": "whisper",
        "verify": "verifying",
        "whisper_spec": "catalogue",
    },
)
