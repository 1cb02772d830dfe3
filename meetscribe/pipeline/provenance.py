"""What a transcript says of how it was made: versions, settings, and the names of models, never where they lie."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from meetscribe.models.resolution import Models
from meetscribe.settings.values import Settings
from meetscribe.timeline import Diarization
from meetscribe.transcript import JSON, Transcript


def with_provenance(transcript: Transcript, settings: Settings, models: Models) -> Transcript:
    """The transcript saying by which version, with which settings and by which recogniser it was made."""
    made: dict[str, JSON] = {"meetscribe": installed("meetscribe"), "settings": settings.non_defaults()}
    transcript = transcript.with_meta(made_by={**made, **transcript.meta.made_by})
    if "asr" in transcript.meta.made_by and "asr" in models.names:
        transcript = transcript.with_made_by("asr", {"model": models.names["asr"]})
    return transcript.with_notices(*models.notices)


def diarization_record(models: Models, diarization: Diarization) -> dict[str, JSON]:
    """How the speakers were found."""
    return {
        "pipeline": models.names.get("diarization", "bundled"),
        "embedder": models.names.get("embedder"),
        "voiceprints": diarization.embedder,
        "version": installed("pyannote.audio"),
    }


@cache
def installed(package: str) -> str:
    """The version of an installed package, looked up once; "unknown" if it is run without being installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
