"""The whole meeting, stage after stage: READ THIS FIRST.

    recording ─ load_audio ─▶ Audio ─ detect_speech, make_chunks ─▶ chunks ─ transcribe ─▶ words
                                │                                                            │
                                │                                                          align
                                │                                                            ▼
                                └─ diarize ─▶ who speaks when ─── attribute ◀─── words with their times
                                                                      ▼
                                                       words with their times and speakers

One `Transcript` runs through: transcription makes it, alignment finds the time of each word, attribution the
speaker of each word, and cuts the segments. A stage lives in the room of its name, knows nothing of the
others, and takes values and gives values; this module is the only place where they meet. Before any of them
starts, every model is made sure of: nobody waits an hour to learn that a token is missing.

What happens when something goes wrong: before there are words, the run fails with an error that says what to
do. After that the words are not given up: a stage that fails is left out, `meta.warnings` says so, and
`IncompleteRunError` carries the transcript.
"""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeAlias, TypeVar

from meetscribe import telemetry
from meetscribe.alignment import align, load_aligner
from meetscribe.asr import load_recognizer
from meetscribe.attribution import attribute
from meetscribe.audio import Audio, load_audio
from meetscribe.devices import Device, resolve_device
from meetscribe.diarization import load_diarizer
from meetscribe.errors import IncompleteError, MeetscribeError, NoSpeechError
from meetscribe.progress import Progress
from meetscribe.settings import Settings
from meetscribe.settings.models import Models, prepare_aligner, prepare_models
from meetscribe.timeline import Diarization, Span
from meetscribe.transcript import JSON, Meta, Source, Transcript
from meetscribe.vad import detect_speech, make_chunks

STAGES = ("weights", "audio", "speech", "transcription", "alignment", "diarization", "attribution")
"""The stages in the order in which they run."""

StageProgress: TypeAlias = Callable[[str, float], None]
"""Called with the name of a stage and the share of it that is done, 0 to 1."""

T = TypeVar("T")

# What a model can fail with after there are words: ours, torch's out of memory, the machine's.
_FAILURES = (MeetscribeError, RuntimeError, MemoryError, OSError)


class IncompleteRunError(IncompleteError):
    """A stage after transcription failed; `transcript` is what there is without it."""

    def __init__(self, message: str, remedy: str, transcript: Transcript) -> None:
        """Keep all in `args`, so that the error survives pickling between processes."""
        super().__init__(message, remedy)
        self.args = (message, remedy, transcript)
        self.transcript = transcript


def run(
    recording: str | Path, settings: Settings | None = None, *, progress: StageProgress | None = None
) -> Transcript:
    """Who said what, and when, in a recording; `progress` is told how far each of STAGES is.

    Raises InputError if the recording cannot be read, SettingsError if the settings ask for what cannot be,
    WeightsError if a model cannot be had, NoSpeechError if nobody speaks and `run.allow_empty` is off, and
    IncompleteRunError, with the transcript, if alignment or diarization failed.
    """
    settings = settings or Settings()
    report = progress or _ignore
    require_recording(recording)
    telemetry.switch_off()
    device = resolve_device(settings.run.device)
    with _network(settings.run.offline):
        with _stage("weights", report) as done:
            models = prepare_models(settings, device, done)
        with _stage("audio", report) as done:
            audio = load_audio(recording, done)
        with _stage("speech", report) as done:
            chunks = make_chunks(detect_speech(audio, settings.vad), settings.vad)
        transcript = _words(audio, chunks, models, device, report)
        _make_room()
        transcript = _provenance(transcript, settings, models)
        if not transcript.words:
            return _nothing_said(transcript, chunks, settings)
        return _speakers(transcript, audio, models, device, report)


def require_recording(recording: str | Path) -> None:
    """Raise InputError if there is no file with content; what is in it is not looked at yet."""
    path = Path(recording)
    if not path.is_file() or path.stat().st_size == 0:
        load_audio(recording)  # says what is wrong


def _words(audio: Audio, chunks: tuple[Span, ...], models: Models, device: Device, report: StageProgress) -> Transcript:
    """What is said in the chunks; word times are as good as the engine makes them."""
    settings = models.settings
    if not chunks:
        language = settings.asr.language or "und"
        source = Source(audio.name, audio.hash)
        return Transcript((), Meta(language, audio.duration, source, warnings=audio.warnings))
    with _stage("transcription", report) as done:
        return load_recognizer(settings.asr, device, settings.run.threads).transcribe(audio, chunks, done)


def _speakers(
    transcript: Transcript, audio: Audio, models: Models, device: Device, report: StageProgress
) -> Transcript:
    """The words with their times and speakers, as far as those can be found; raises IncompleteRunError."""
    settings = models.settings
    failures: dict[str, Exception] = {}
    if settings.alignment.enabled and settings.asr.task != "translate":
        work = partial(_aligned, transcript, audio, models, device)
        transcript = _attempt("alignment", work, report, failures) or transcript
    diarization = None
    if settings.diarization.enabled:
        diarization = _attempt("diarization", partial(_diarized, audio, models, device), report, failures)
    with _stage("attribution", report):
        transcript = attribute(transcript, diarization, settings.attribution)
    if diarization is not None:
        transcript = _made_by(transcript, "diarization", _diarization_record(models, diarization))
        transcript = transcript if diarization.turns else _warned(transcript, "no speakers were found")
    if not failures:
        return transcript
    said = [f"{stage} failed: {_reason(error)}" for stage, error in failures.items()]
    transcript = _warned(transcript, *said)
    remedies = "\n".join(error.remedy for error in failures.values() if isinstance(error, MeetscribeError))
    raise IncompleteRunError("\n".join(said), remedies, transcript) from next(iter(failures.values()))


def _aligned(transcript: Transcript, audio: Audio, models: Models, device: Device, progress: Progress) -> Transcript:
    """The transcript with each word where it is heard; unchanged but for a warning if no aligner is known."""
    settings = models.settings
    _limit_threads(settings.run.threads)
    found = (settings.alignment.model, models.names.get("alignment", ""))
    if not found[1]:  # the language was not known until now
        found = prepare_aligner(settings, transcript.language) or ("", "")
    aligner = load_aligner(found[0], transcript.language, device) if found[1] else None
    aligned = align(transcript, audio, aligner, settings.alignment, progress)
    return _made_by(aligned, "alignment", {"model": found[1]}) if aligner else aligned


def _diarized(audio: Audio, models: Models, device: Device, progress: Progress) -> Diarization:
    """Who speaks when."""
    _limit_threads(models.settings.run.threads)
    return load_diarizer(models.settings.diarization, device).diarize(audio, progress)


def _attempt(
    stage: str, work: Callable[[Progress], T], report: StageProgress, failures: dict[str, Exception]
) -> T | None:
    """What the stage makes; None if it fails, and the error put into `failures`."""
    try:
        with _stage(stage, report) as done:
            return work(done)
    except _FAILURES as error:
        if error.__traceback__ is not None:  # its frames hold the model, and the next stage needs the room
            traceback.clear_frames(error.__traceback__)
        failures[stage] = error
        return None
    finally:
        _make_room()


@contextmanager
def _stage(name: str, report: StageProgress) -> Iterator[Progress]:
    """Yield the stage's own progress; its start is told, and its end if it did not fail."""
    report(name, 0.0)
    yield partial(report, name)
    report(name, 1.0)


def _make_room() -> None:
    """Give back the memory of models that are not used any more."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _limit_threads(threads: int) -> None:
    """Let torch use so many threads of the processor; 0 leaves the choice to it."""
    if threads:
        import torch

        torch.set_num_threads(threads)


@contextmanager
def _network(offline: bool) -> Iterator[None]:
    """If `offline`, keep the libraries that fetch models off the network meanwhile."""
    if not offline:
        yield
        return
    from huggingface_hub import constants
    from huggingface_hub.utils._http import reset_sessions

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    reset_sessions()
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
        reset_sessions()


def _nothing_said(transcript: Transcript, chunks: tuple[Span, ...], settings: Settings) -> Transcript:
    """The empty transcript, if that is allowed; raises NoSpeechError if not."""
    said = f"nobody speaks in {transcript.source.name if transcript.source else 'the recording'}"
    if chunks:
        seconds = sum(chunk.duration for chunk in chunks)
        said = f"{said}: {seconds:.1f} s sounded like speech, but no word was recognised"
    if settings.run.allow_empty:
        return _warned(transcript, said)
    raise NoSpeechError(
        said, "Check that it has sound, lower vad.threshold, or use --allow-empty for an empty transcript."
    )


def _provenance(transcript: Transcript, settings: Settings, models: Models) -> Transcript:
    """The transcript saying by which version, with which settings and by which model it was made."""
    made: dict[str, JSON] = {"meetscribe": _version("meetscribe"), "settings": settings.described()}
    transcript = transcript.with_meta(made_by={**made, **transcript.meta.made_by})
    if "asr" in transcript.meta.made_by:
        transcript = _made_by(transcript, "asr", {"model": models.names["asr"]})
    return _warned(transcript, *models.warnings)


def _diarization_record(models: Models, diarization: Diarization) -> dict[str, JSON]:
    """How the speakers were found."""
    return {
        "pipeline": models.names.get("diarization", "bundled"),
        "embedder": models.names.get("embedder"),
        "voiceprints": diarization.embedder,
        "version": _version("pyannote.audio"),
    }


def _made_by(transcript: Transcript, stage: str, record: dict[str, JSON]) -> Transcript:
    """The transcript with more said of how a stage made it."""
    before = transcript.meta.made_by.get(stage)
    made = {**before, **record} if isinstance(before, dict) else record
    return transcript.with_meta(made_by={**transcript.meta.made_by, stage: made})


def _warned(transcript: Transcript, *warnings: str) -> Transcript:
    """The transcript with more warnings."""
    return transcript.with_meta(warnings=(*transcript.meta.warnings, *warnings))


def _reason(error: Exception) -> str:
    """The first line of what went wrong."""
    if isinstance(error, MeetscribeError):
        return error.message
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _version(package: str) -> str:
    """The version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _ignore(stage: str, done: float) -> None:
    """Nothing: the progress of whoever does not ask for it."""
