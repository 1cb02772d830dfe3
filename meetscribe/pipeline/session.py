"""A session, which runs the stages for any number of recordings and keeps the models of `run` and `voiceprints`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from meetscribe.audio import Recording
from meetscribe.errors import Notice, SettingsError
from meetscribe.models.resolution import Models
from meetscribe.pipeline import stages
from meetscribe.pipeline.flow import recording_file, run_stages
from meetscribe.pipeline.known_speakers import SpeakerVoiceprints, extract_voiceprints
from meetscribe.pipeline.loaded_models import LoadedModels
from meetscribe.pipeline.loaders import Loaders
from meetscribe.pipeline.outcomes import NO_SPEAKERS
from meetscribe.pipeline.provenance import diarization_record, with_provenance
from meetscribe.pipeline.stage_runner import StageProgress, StageRunner, ignore_stages, report_stage
from meetscribe.profiles.dense_speech import MIN_SPEECH, longest_speech
from meetscribe.results import Store, stages_folder
from meetscribe.runtime.process import prepare_process
from meetscribe.runtime.threads import use_torch_threads
from meetscribe.settings import Settings, as_settings
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Meta, Transcript


class Session:
    """Transcribes recordings one after the other with models loaded once by `run`.

        with Session(settings) as session:
            transcripts = [session.run(recording) for recording in recordings]

    `settings` may be a mapping of tables or the path of a TOML file. With `keep_models=False`, for a single recording,
    `run` releases all its models after the recording. `align` and `diarize` load their models in each call.
    """

    def __init__(
        self,
        settings: Settings | Mapping[str, Any] | str | Path | None = None,
        *,
        keep_models: bool = True,
        loaders: Loaders | None = None,
    ) -> None:
        self.settings = as_settings(settings)
        self.store = Store(stages_folder() if self.settings.run.cache else None)
        self._loaders = loaders or Loaders()
        self._keep_models = keep_models
        self._run_models: tuple[Models, LoadedModels] | None = None
        self._voiceprint_models: tuple[Models, LoadedModels] | None = None

    def __enter__(self) -> Session:
        prepare_process()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._run_models is not None and self._keep_models:  # otherwise released after each recording
            self._run_models[1].release()
        if self._voiceprint_models is not None:
            self._voiceprint_models[1].release()

    def open(self, recording: str | Path | Recording) -> Recording:
        """Return the hashed recording, which is decoded on first use; raises InputError if it is not a file."""
        if isinstance(recording, Recording):
            return recording
        return Recording(recording, lambda path, progress: self._loaders.audio(path, progress, self.settings.audio))

    def prepare(self, recording: Recording, progress: StageProgress = ignore_stages) -> None:
        """Decode a recording and detect its speech while another one runs; raises InputError.

        Speech is detected only after `load` or `run` has fetched the models, and if the result can be cached.
        `progress` receives only the progress of this detection, which stops if it raises an exception; decoding is
        always completed.
        """
        recording.audio()
        if self._run_models is not None and self.store.is_writable:
            with use_torch_threads(self.settings.run.threads):
                stages.detect_speech(self._runner(recording, *self._run_models, progress))

    def load(self, progress: StageProgress = ignore_stages) -> None:
        """Load the recogniser and the diarizer, so that missing weights are reported before the first recording.

        Raises WeightsError and SettingsError.
        """
        _, loaded = self._models_of_run(progress)
        with use_torch_threads(self.settings.run.threads):
            loaded.recognizer()
            if self.settings.diarization.enabled:
                loaded.diarizer()

    def run(self, recording: str | Path | Recording, progress: StageProgress = ignore_stages) -> Transcript:
        """Return the words of a recording with their times and speakers; raises the errors of `pipeline.run`."""
        recording = self.open(recording)
        models, loaded = self._models_of_run(progress)
        runner = self._runner(recording, models, loaded, progress)
        try:
            with use_torch_threads(self.settings.run.threads):
                return run_stages(runner, self.settings)
        finally:
            if not self._keep_models:
                loaded.release()

    def align(
        self, transcript: Transcript, recording: str | Path | Recording, progress: StageProgress = ignore_stages
    ) -> Transcript:
        """Return a transcript with word times from a recording; raises the errors of `pipeline.align_to`."""
        transcript = _with_language(transcript, self.settings)
        loaded = LoadedModels(self.settings, self._loaders.device(self.settings.run.device), self._loaders)
        runner = self._runner(self.open(recording), Models(self.settings, {}), loaded, progress)
        if transcript.recording and transcript.recording.hash not in (None, runner.recording.hash):
            name = runner.recording.name
            text = f"the transcript was made from a different file than {name}"
            transcript = transcript.with_notices(Notice("run.other-recording", text, {"recording": name}))
        with report_stage("alignment", progress) as done, use_torch_threads(self.settings.run.threads):
            return runner.with_notices(stages.align_words(transcript, runner, done))

    def diarize(self, recording: str | Path | Recording, progress: StageProgress = ignore_stages) -> Transcript:
        """Return the speaker turns of a recording; raises the errors of `pipeline.diarize_recording`."""
        device = self._loaders.device(self.settings.run.device)
        with report_stage("weights", progress) as done:
            models = self._loaders.diarization_models(self.settings, device, done)
        loaded = LoadedModels(models.settings, device, self._loaders)
        runner = self._runner(self.open(recording), models, loaded, progress)
        with report_stage("diarization", progress) as done, use_torch_threads(self.settings.run.threads):
            diarization = stages.diarize(runner, done)
        turns, audio = diarization.turns, runner.audio
        meta = Meta(
            "und",
            audio.duration,
            recording_file(runner),
            turns,
            diarization.exclusive,
            notices=audio.notices,
            title=audio.title,
            recorded_at=audio.recorded_at,
        )
        transcript = with_provenance(Transcript((), meta), self.settings, models)
        transcript = transcript.with_provenance(diarization=diarization_record(models, diarization))
        transcript = transcript.with_notices(*diarization.notices, *([] if turns else [NO_SPEAKERS]))
        return runner.with_notices(transcript)

    def voiceprints(
        self,
        recording: str | Path | Recording,
        speech: Mapping[str, Sequence[Span]] | None = None,
        progress: StageProgress = ignore_stages,
        file: str | None = None,
        min_speech: Seconds = MIN_SPEECH,
    ) -> SpeakerVoiceprints:
        """Return the voiceprints of speakers, given the spans in which each speaks alone, by label.

        Without `speech`, the recording is assumed to have one speaker, with the label "", and speech is detected.
        `file` is the path stored as the source of the voiceprints, by default that of the recording. Speakers with less
        than `min_speech` seconds get no voiceprint. Raises the errors of `pipeline.diarize_recording`.
        """
        if self._voiceprint_models is None:
            device = self._loaders.device(self.settings.run.device)
            with report_stage("weights", progress) as done:
                models = self._loaders.diarization_models(self.settings, device, done)
            self._voiceprint_models = models, LoadedModels(models.settings, device, self._loaders)
        runner = self._runner(self.open(recording), *self._voiceprint_models, progress)
        if speech is None:
            speech = {"": longest_speech(stages.detect_speech(runner).activity)}
        with report_stage("profiles", progress) as done, use_torch_threads(self.settings.run.threads):
            done(0.0)
            return extract_voiceprints(speech, runner, file or str(runner.recording.path), min_speech)

    def _models_of_run(self, report: StageProgress) -> tuple[Models, LoadedModels]:
        """Return the models of a run, fetched once per session."""
        if self._run_models is None:
            device = self._loaders.device(self.settings.run.device)
            with report_stage("weights", report) as progress:
                progress(0.0)
                models = self._loaders.models(self.settings, device, progress)
            self._run_models = models, LoadedModels(models.settings, device, self._loaders)
        return self._run_models

    def _runner(
        self, recording: Recording, models: Models, loaded: LoadedModels, progress: StageProgress
    ) -> StageRunner:
        return StageRunner(recording, models, loaded, self._loaders, self.store, progress)


def _with_language(transcript: Transcript, settings: Settings) -> Transcript:
    """Return the transcript with its language, or else the language of the settings; raises SettingsError."""
    if transcript.language != "und":
        return transcript
    if settings.asr.language is None:
        raise SettingsError("the language of the transcript is unknown", "Give it, for example --language en.")
    return transcript.with_meta(language=settings.asr.language)
