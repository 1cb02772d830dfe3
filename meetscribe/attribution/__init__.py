"""Assignment of words to speakers from speaker turns, and division of the words into segments.

This room needs neither audio nor models. README.md explains the rules.
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
