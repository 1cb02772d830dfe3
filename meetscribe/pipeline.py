"""The whole meeting, stage after stage: READ THIS FIRST.

    recording ─ load_audio ─▶ Audio ─ detect_speech, make_chunks ─▶ chunks ─ transcribe ─▶ words
                                ├─ detect_voices ─▶ where somebody is heard ─────┘ │         │
                                │                                                  │       align
                                │                                                  │         ▼
                                │                            what no word covers ◀─┴─ words with their times
                                │                            is listened to again ──────────▶│
                                └─ diarize ─▶ who speaks when ─── attribute ◀────────────────┘
                                                                      ▼
                                                       words with their times and speakers

One `Transcript` runs through: transcription makes it, alignment finds the time of each word, coverage looks for
speech without words, attribution finds the speaker of each word, and cuts the segments. A stage lives in the
room of its name, knows nothing of the others, and takes values and gives values; this module is the only place
where they meet. Before any of them starts, every model is made sure of: nobody waits an hour to learn that a
token is missing.

What happens when something goes wrong: before there are words, the run fails with an error that says what to
do. After that the words are not given up: a stage that fails is left out, `meta.warnings` says so, and
`IncompleteRunError` carries the transcript.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from meetscribe import telemetry
from meetscribe.alignment import Aligner, align, load_aligner
from meetscribe.asr import load_recognizer
from meetscribe.asr.coverage import as_chunks, uncovered, with_recovered
from meetscribe.asr.planning import Plan, ask_machine, plan, size_of
from meetscribe.attribution import attribute
from meetscribe.audio import Audio, load_audio, open_recording
from meetscribe.devices import Device, limit_threads, make_room, resolve_device
from meetscribe.diarization import load_diarizer
from meetscribe.errors import IncompleteError, MeetscribeError, NoSpeechError, SettingsError
from meetscribe.progress import Progress
from meetscribe.segmentation import detect_voices
from meetscribe.settings import Settings
from meetscribe.settings.models import Models, prepare_aligner, prepare_models
from meetscribe.settings.provenance import diarization_record, with_provenance
from meetscribe.timeline import Diarization, Span
from meetscribe.transcript import Meta, Source, Transcript
from meetscribe.vad import detect_speech, make_chunks
from meetscribe.weights.network import network

STAGES = (
    "weights",
    "audio",
    "speech",
    "voices",
    "transcription",
    "alignment",
    "coverage",
    "diarization",
    "attribution",
)
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


@dataclass(frozen=True, slots=True)
class _Work:
    """What the stages of one run share.

    `voices` is None if they were not looked for; `failures` are those of the stages that could be left out.
    """

    audio: Audio
    models: Models
    device: Device
    report: StageProgress
    voices: tuple[Span, ...] | None = None
    failures: dict[str, Exception] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The settings, in which every model is one that can be loaded."""
        return self.models.settings


def run(
    recording: str | Path, settings: Settings | None = None, *, progress: StageProgress | None = None
) -> Transcript:
    """Who said what, and when, in a recording; `progress` is told how far each of STAGES is.

    Raises InputError if the recording cannot be read, SettingsError if the settings ask for what cannot be,
    WeightsError if a model cannot be had, NoSpeechError if nobody speaks and `run.allow_empty` is off, and
    IncompleteRunError, with the transcript, if a stage after transcription failed.
    """
    settings = settings or Settings()
    report = progress or _ignore
    require_recording(recording)
    telemetry.switch_off()
    device = resolve_device(settings.run.device)
    with network(allowed=not settings.run.offline):
        with _stage("weights", report) as done:
            models = prepare_models(settings, device, done)
        with _stage("audio", report) as done:
            audio = load_audio(recording, done, settings.audio)
        with _stage("speech", report) as done:
            chunks = make_chunks(detect_speech(audio, settings.vad, done), settings.vad)
        work = _Work(audio, models, device, report, _voices(audio, settings, report))
        transcript = with_provenance(_times(_words(chunks, work), work), settings, models)
        if not (transcript.words or work.failures):
            return _nothing_said(transcript, chunks, settings)
        return _speakers(transcript, work)


def align_to(
    transcript: Transcript,
    recording: str | Path,
    settings: Settings | None = None,
    *,
    progress: StageProgress | None = None,
) -> Transcript:
    """Any transcript with each of its words where it is heard in the recording; all else is kept.

    Raises InputError if the recording cannot be read, SettingsError if the language is not known, WeightsError
    if the aligner cannot be had.
    """
    settings = settings or Settings()
    report = progress or _ignore
    transcript = _in_a_language(transcript, settings)
    require_recording(recording)
    telemetry.switch_off()
    device = resolve_device(settings.run.device)
    with network(allowed=not settings.run.offline):
        with _stage("audio", report) as done:
            audio = load_audio(recording, done, settings.audio)
        if transcript.source and transcript.source.hash not in (None, audio.hash):
            transcript = transcript.with_warnings(f"the transcript was made from another file than {audio.name}")
        with _stage("alignment", report) as done:
            return _aligned(transcript, _Work(audio, Models(settings, {}), device, report), done)


def require_recording(recording: str | Path) -> None:
    """Raise InputError if there is no file with content; what is in it is not looked at yet."""
    open_recording(recording).close()


def plan_for(settings: Settings, device: Device, model: Path | None = None) -> Plan:
    """How the recogniser of `settings` is to use this machine; `model` is where its weights lie, if not there."""
    size = size_of(model or Path(settings.asr.model).expanduser())
    return plan(settings.asr, ask_machine(device), settings.run.threads, size)


def _voices(audio: Audio, settings: Settings, report: StageProgress) -> tuple[Span, ...] | None:
    """Where somebody is heard, by another ear than that of `detect_speech`; None if nobody asks for it."""
    if not (settings.asr.quality or settings.asr.coverage):
        return None
    limit_threads(settings.run.threads)
    with _stage("voices", report) as done:
        return detect_voices(audio, done)


def _words(chunks: Sequence[Span], work: _Work) -> Transcript:
    """What is said in the chunks; word times are as good as the engine makes them."""
    if not chunks:
        source = Source(work.audio.name, work.audio.hash)
        language = work.settings.asr.language or "und"
        return Transcript((), Meta(language, work.audio.duration, source, warnings=work.audio.warnings))
    with _stage("transcription", work.report) as done:
        return _recognised(chunks, work, work.settings, done)


def _recognised(chunks: Sequence[Span], work: _Work, settings: Settings, progress: Progress) -> Transcript:
    """What the recogniser of the settings hears in the chunks; its model is gone afterwards."""
    recognizer = load_recognizer(settings.asr, work.device, plan_for(settings, work.device))
    transcript = recognizer.transcribe(work.audio, chunks, progress, work.voices)
    del recognizer
    make_room()
    return transcript


def _times(transcript: Transcript, work: _Work) -> Transcript:
    """The words with their times, and those that are found where somebody is heard, but no words were."""
    if transcript.words and _is_alignable(work.settings):
        transcript = _attempt("alignment", partial(_aligned, transcript, work), work) or transcript
    if work.settings.asr.coverage:
        transcript = _attempt("coverage", partial(_covered, transcript, work), work) or transcript
    return transcript


def _aligned(transcript: Transcript, work: _Work, progress: Progress) -> Transcript:
    """The transcript with each word where it is heard, as far as aligners are known for its languages."""
    limit_threads(work.settings.run.threads)
    names: dict[str, str] = {}

    def aligner(language: str) -> Aligner | None:
        found = prepare_aligner(work.settings, language)
        if found is None:
            return None
        names[language] = work.models.names.get("alignment", found[1])
        return load_aligner(found[0], language, work.device)

    aligned = align(transcript, work.audio, aligner, work.settings.alignment, progress)
    return aligned.with_made_by("alignment", {"models": dict(names)}) if names else aligned


def _covered(transcript: Transcript, work: _Work, progress: Progress) -> Transcript:
    """The transcript with what is heard on a second try where there is a voice, but are no words."""
    gaps = uncovered(work.voices or (), transcript.segments, work.settings.asr.min_uncovered)
    if not gaps:
        return transcript
    settings = work.settings
    if transcript.words and not settings.asr.multilingual:
        settings = replace(settings, asr=replace(settings.asr, language=_spoken(transcript)))
    chunks = as_chunks(gaps, settings.vad.max_chunk)
    again = _recognised(chunks, work, settings, lambda done: progress(done / 2))
    if again.segments and _is_alignable(settings):
        again = _aligned(again, work, lambda done: progress((1 + done) / 2))
    if not transcript.words:
        transcript = transcript.with_meta(language=again.language, made_by=again.meta.made_by)
    return with_recovered(transcript, again, gaps)


def _is_alignable(settings: Settings) -> bool:
    """Whether the words are to be aligned, and are those that were spoken."""
    return settings.alignment.enabled and settings.asr.task != "translate"


def _spoken(transcript: Transcript) -> str:
    """The language that was spoken, also where the words are a translation."""
    asr = transcript.meta.made_by.get("asr")
    return str(asr.get("language", transcript.language)) if isinstance(asr, dict) else transcript.language


def _speakers(transcript: Transcript, work: _Work) -> Transcript:
    """The words with their speakers, if these can be found; raises IncompleteRunError if a stage has failed."""
    diarization = None
    if work.settings.diarization.enabled:
        diarization = _attempt("diarization", partial(_diarized, work), work)
    with _stage("attribution", work.report):
        transcript = attribute(transcript, diarization, work.settings.attribution)
    if diarization is not None:
        transcript = transcript.with_made_by("diarization", diarization_record(work.models, diarization))
        transcript = transcript if diarization.turns else transcript.with_warnings("no speakers were found")
    if not work.failures:
        return transcript
    said = [f"{stage} failed: {_reason(error)}" for stage, error in work.failures.items()]
    remedies = "\n".join(error.remedy for error in work.failures.values() if isinstance(error, MeetscribeError))
    first = next(iter(work.failures.values()))
    raise IncompleteRunError("\n".join(said), remedies, transcript.with_warnings(*said)) from first


def _diarized(work: _Work, progress: Progress) -> Diarization:
    """Who speaks when."""
    limit_threads(work.settings.run.threads)
    return load_diarizer(work.settings.diarization, work.device).diarize(work.audio, progress)


def _attempt(stage: str, make: Callable[[Progress], T], work: _Work) -> T | None:
    """What the stage makes; None if it fails, and the error put into `work.failures`."""
    try:
        with _stage(stage, work.report) as done:
            return make(done)
    except _FAILURES as error:
        if error.__traceback__ is not None:  # its frames hold the model, and the next stage needs the room
            traceback.clear_frames(error.__traceback__)
        work.failures[stage] = error
        return None
    finally:
        make_room()


@contextmanager
def _stage(name: str, report: StageProgress) -> Iterator[Progress]:
    """Yield the stage's own progress; its start is told, and its end if it did not fail."""
    report(name, 0.0)
    yield partial(report, name)
    report(name, 1.0)


def _in_a_language(transcript: Transcript, settings: Settings) -> Transcript:
    """The transcript with a known language: its own, else that of the settings; raises SettingsError."""
    if transcript.language != "und":
        return transcript
    if settings.asr.language is None:
        raise SettingsError("the transcript does not say its language", "Give it, for example --language en.")
    return transcript.with_meta(language=settings.asr.language)


def _nothing_said(transcript: Transcript, chunks: Sequence[Span], settings: Settings) -> Transcript:
    """The empty transcript, if that is allowed; raises NoSpeechError if not."""
    said = f"nobody speaks in {transcript.source.name if transcript.source else 'the recording'}"
    if chunks:
        seconds = sum(chunk.duration for chunk in chunks)
        said = f"{said}: {seconds:.1f} s sounded like speech, but no word was recognised"
    if settings.run.allow_empty:
        return transcript.with_warnings(said)
    raise NoSpeechError(
        said, "Check that it has sound, lower vad.threshold, or use --allow-empty for an empty transcript."
    )


def _reason(error: Exception) -> str:
    """The first line of what went wrong."""
    if isinstance(error, MeetscribeError):
        return error.message
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _ignore(stage: str, done: float) -> None:
    """Nothing: the progress of whoever does not ask for it."""
