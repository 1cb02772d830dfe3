"""Words and speaker turns in, words with speakers out; segments end where the speaker or the sentence changes.

Pure arithmetic on values: no audio and no model. README.md explains how the speaker of a word is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.attribution.assignment import mark_overlap
    from meetscribe.attribution.settings import AttributionSettings
    from meetscribe.attribution.stage import attribute
    from meetscribe.attribution.transcripts import attribute_transcript
    from meetscribe.attribution.voiceprint_check import EmbedSpans

__all__ = ["AttributionSettings", "EmbedSpans", "attribute", "attribute_transcript", "mark_overlap"]

__getattr__ = lazy_names(
    __name__,
    {
        "AttributionSettings": "settings",
        "EmbedSpans": "voiceprint_check",
        "attribute": "stage",
        "attribute_transcript": "transcripts",
        "mark_overlap": "assignment",
    },
)
