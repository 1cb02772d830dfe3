"""What a transcript says of how it was made: versions, settings, and the names of models, never where they lie."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from meetscribe.models.resolution import Models
from meetscribe.settings.values import Settings
from meetscribe.timeline import Diarization
from meetscribe.transcript import DiarizationRecord, Transcript


def with_provenance(transcript: Transcript, settings: Settings, models: Models) -> Transcript:
    """The transcript saying by which version, with which settings and by which recogniser it was made."""
    asr = transcript.meta.provenance.asr
    transcript = transcript.with_provenance(
        meetscribe=installed("meetscribe"),
        settings=settings.non_defaults(),
        asr=asr and replace(asr, model=models.names.get("asr", asr.model)),
    )
    return transcript.with_notices(*models.notices)


def diarization_record(models: Models, diarization: Diarization) -> DiarizationRecord:
    """How the speakers were found."""
    return DiarizationRecord(
        pipeline=models.names.get("diarization", "bundled"),
        embedder=models.names.get("embedder"),
        voiceprints=diarization.embedder,
        version=installed("pyannote.audio"),
    ).explicit("embedder", "voiceprints")


@cache
def installed(package: str) -> str:
    """The version of an installed package, looked up once; "unknown" if it is run without being installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
