"""The provenance of a transcript: versions, changed settings and names of models, without local paths."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from meetscribe.models.resolution import Models
from meetscribe.settings.values import Settings
from meetscribe.timeline import Diarization
from meetscribe.transcript import DiarizationRecord, Transcript


def with_provenance(transcript: Transcript, settings: Settings, models: Models) -> Transcript:
    """Return the transcript with the version of meetscribe, the changed settings, and the name of the model.

    The notices of the models are added.
    """
    asr = transcript.meta.provenance.asr
    transcript = transcript.with_provenance(
        meetscribe=installed("meetscribe"),
        settings=settings.non_defaults(),
        asr=asr and replace(asr, model=models.names.get("asr", asr.model)),
    )
    return transcript.with_notices(*models.notices)


def diarization_record(models: Models, diarization: Diarization) -> DiarizationRecord:
    """Return the diarization record of the provenance, in which unknown embedders are written as null.

    Its member `voiceprints` is the identifier of the embedder that computed them.
    """
    return DiarizationRecord(
        pipeline=models.names.get("diarization", "bundled"),
        embedder=models.names.get("embedder"),
        voiceprints=diarization.embedder,
        version=installed("pyannote.audio"),
    ).explicit("embedder", "voiceprints")


@cache
def installed(package: str) -> str:
    """Return the version of a package, looked up once per process; "unknown" if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
