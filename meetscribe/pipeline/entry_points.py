"""Functions for a single recording; each call opens a session."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meetscribe import audio
from meetscribe.audio import Recording
from meetscribe.pipeline.session import Session
from meetscribe.pipeline.stage_runner import StageProgress, ignore_stages
from meetscribe.settings import Settings
from meetscribe.transcript import Transcript


def run(
    recording: str | Path | Recording,
    settings: Settings | Mapping[str, Any] | str | Path | None = None,
    *,
    progress: StageProgress | None = None,
) -> Transcript:
    """Return the words of a recording with their times and speakers.

    `settings` may be a mapping of tables, such as {"asr": {"model": "small"}}, or the path of a TOML file. `progress`
    is called with the name of a stage from STAGES and its progress from 0 to 1. Raises InputError if the recording
    cannot be read, SettingsError if settings contradict each other or are not supported, WeightsError if a model is
    missing, OutputError if a disk is full, IncompleteRunError, with the transcript, if a stage after transcription
    failed, and otherwise NoSpeechError if there are no words and `run.allow_empty` is off.
    """
    with Session(settings, keep_models=False) as session:
        return session.run(recording, progress or ignore_stages)


def align_to(
    transcript: Transcript,
    recording: str | Path | Recording,
    settings: Settings | Mapping[str, Any] | str | Path | None = None,
    *,
    progress: StageProgress | None = None,
) -> Transcript:
    """Return the transcript with word times found in the recording; text and speakers are kept.

    The provenance records the alignment, notices may be added, and an unknown language is set to `asr.language`. Raises
    InputError if the recording cannot be read, SettingsError if both languages are unknown, WeightsError if the aligner
    is missing.
    """
    with Session(settings, keep_models=False) as session:
        return session.align(transcript, recording, progress or ignore_stages)


def diarize_recording(
    recording: str | Path | Recording,
    settings: Settings | Mapping[str, Any] | str | Path | None = None,
    *,
    progress: StageProgress | None = None,
) -> Transcript:
    """Return the speaker turns of a recording, as a transcript without words.

    Raises InputError if the recording cannot be read, SettingsError if settings contradict each other or are not
    supported, and WeightsError if a model is missing.
    """
    with Session(settings, keep_models=False) as session:
        return session.diarize(recording, progress or ignore_stages)


def require_recording(recording: str | Path) -> None:
    """Raise InputError if the path is not a file with content; the content is not decoded."""
    audio.require_recording(recording)
