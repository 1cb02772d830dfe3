"""The functions through which a session reads recordings and loads models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.alignment import Aligner, load_aligner
from meetscribe.asr import Recognizer, load_recognizer
from meetscribe.asr.planning import DecodingPlan, Machine, inspect_machine
from meetscribe.audio import Audio, load_audio
from meetscribe.diarization import load_diarizer
from meetscribe.models.resolution import Models, prepare_aligner, prepare_diarization, prepare_models
from meetscribe.runtime.devices import Device, resolve_device
from meetscribe.segmentation import detect_speech_activity
from meetscribe.vad import find_speech

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.audio.settings import AudioSettings
    from meetscribe.diarization import Diarizer
    from meetscribe.diarization.settings import DiarizationSettings
    from meetscribe.runtime.progress import Progress
    from meetscribe.settings import Settings
    from meetscribe.timeline import DetectedSpeech, Span
    from meetscribe.vad.settings import VadSettings


@dataclass(frozen=True, slots=True)
class Loaders:
    """The functions through which a session reads recordings and loads models.

    A test can replace them: `Session(settings, loaders=Loaders(recognizer=load_fake))`.
    """

    device: Callable[[str], Device] = resolve_device
    """Resolves the setting `run.device`."""
    machine: Callable[[Device], Machine] = inspect_machine
    """Measures the free memory and counts the cores."""
    models: Callable[[Settings, Device, Progress], Models] = prepare_models
    """Fetches the models of a run."""
    diarization_models: Callable[[Settings, Device, Progress], Models] = prepare_diarization
    """Fetches the models for diarization alone."""
    aligner_model: Callable[[Settings, str], tuple[str, str] | None] = prepare_aligner
    """Fetches the aligner of a language and returns its path and name, None if there is none."""
    audio: Callable[[Path, Progress, AudioSettings], Audio] = load_audio
    """Decodes a recording."""
    speech: Callable[[Audio, VadSettings, Progress], DetectedSpeech] = find_speech
    """Detects speech, for the chunks to transcribe and for word times."""
    speech_activity: Callable[[Audio, Progress], tuple[Span, ...]] = detect_speech_activity
    """Detects speech with the segmentation model, to check the transcription."""
    recognizer: Callable[[AsrSettings, Device, DecodingPlan], Recognizer] = load_recognizer
    """Loads the speech recogniser."""
    aligner: Callable[[str, str, Device], Aligner | None] = load_aligner
    """Loads an aligner for a language from its path, or the default one for "auto"; None if there is no default."""
    diarizer: Callable[[DiarizationSettings, Device, bool], Diarizer] = load_diarizer
    """Loads the diarizer; the last argument is the setting `run.offline`."""
