"""The models of a session replaced by fakes that know a synthetic meeting, for tests of the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from meetscribe.asr import Recognizer
from meetscribe.asr.planning import Machine
from meetscribe.audio import Audio, Recording, load_audio
from meetscribe.models.resolution import Models
from meetscribe.pipeline import Loaders, Session
from meetscribe.runtime.devices import Device
from meetscribe.settings import RunSettings, Settings
from meetscribe.testing import FakeAligner, FakeDiarizer, SyntheticMeeting, fake_recognizer
from meetscribe.timeline import DetectedSpeech, Span
from meetscribe.transcript import Transcript

NAMES = {"asr": "small", "alignment": "letters", "embedder": "voices"}
NO_CACHE = RunSettings(device="cpu", cache=False)
MODEL_LOADERS = ("recognizer", "aligner", "diarizer")
"""The loaders of models, in the order in which a run calls them."""


class FakeModels:
    """Loaders of fakes for one meeting; `calls` lists the loaders called and `progress` the reported progress.

    Assign another function to an attribute to replace a loader: `fakes.diarizer = failing(error)`.
    """

    def __init__(self, meeting: SyntheticMeeting, recording: Path) -> None:
        self.meeting = meeting
        self.recording = recording
        self.calls: list[str] = []
        self.names = dict(NAMES)
        self.progress: list[tuple[str, float]] = []
        self.detected_speech: tuple[Span, ...] | None = None
        """The speech that the detector finds, if not all of the meeting's."""
        self.device: Callable[[str], Device] = lambda name: Device("cpu")
        self.machine: Callable[[Device], Machine] = lambda device: Machine(
            "cuda" if device.kind == "cuda" else "cpu", 2, 10**12
        )
        self.models: Callable[..., Models] = self._models
        self.diarization_models: Callable[..., Models] = self._models
        self.aligner_model: Callable[..., tuple[str, str] | None] = self._aligner_model
        self.audio: Callable[..., Audio] = self._audio
        self.speech: Callable[..., Any] = self._speech
        self.speech_activity: Callable[..., Any] = self._speech_activity
        self.recognizer: Callable[..., Recognizer] = self._recognizer
        self.aligner: Callable[..., Any] = self._aligner
        self.diarizer: Callable[..., Any] = self._diarizer

    @property
    def loaders(self) -> Loaders:
        """The loaders; each looks its function up when it is called."""
        names = [field.name for field in fields(Loaders) if hasattr(self, field.name)]
        return Loaders(**{name: lambda *given, name=name: getattr(self, name)(*given) for name in names})

    def session(self, settings: Settings | None = None, *, keep_models: bool = True) -> Session:
        """Return a session with these models."""
        return Session(settings or Settings(run=NO_CACHE), keep_models=keep_models, loaders=self.loaders)

    def run(self, **settings: Any) -> Transcript:
        """Return the transcript of the recording; without `run` settings nothing is cached."""
        with self.session(Settings(**{"run": NO_CACHE, **settings}), keep_models=False) as session:
            return session.run(self.recording, lambda *step: self.progress.append(step))

    def _models(self, settings: Settings, device: object, progress: Callable[[float], None]) -> Models:
        self.calls.append("models")
        return Models(settings, self.names)

    def _aligner_model(self, settings: Settings, language: str) -> tuple[str, str] | None:
        self.calls.append(f"aligner_model {language}")
        return ("letters", "letters")

    def _audio(self, recording: Path, progress: object, settings: object = None) -> Audio:
        self.calls.append("audio")
        return replace(self.meeting.audio(), hash=Recording(recording, load_audio).hash)

    def _speech(self, audio: Audio, settings: object, progress: object) -> object:
        self.calls.append("speech")
        found = self.meeting.speech if self.detected_speech is None else self.detected_speech
        return DetectedSpeech(found, found)

    def _speech_activity(self, audio: Audio, progress: object) -> object:
        self.calls.append("speech_activity")
        return self.meeting.speech

    def _recognizer(self, settings: object, device: object, plan: object) -> Recognizer:
        self.calls.append("recognizer")
        return fake_recognizer(self.meeting)

    def _aligner(self, model: str, language: str, device: object) -> object:
        self.calls.append("aligner")
        return FakeAligner()

    def _diarizer(self, settings: object, device: object, offline: bool = False) -> FakeDiarizer:
        self.calls.append("diarizer")
        return FakeDiarizer(self.meeting)


def failing(error: BaseException) -> Callable[..., Any]:
    """Return a function that raises the error."""

    def fail(*arguments: object, **options: object) -> Any:
        raise error

    return fail
