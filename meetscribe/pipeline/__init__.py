"""The whole meeting, stage after stage: READ THIS FIRST.

    recording ─ load_audio ─▶ Audio ─ detect_speech, make_chunks ─▶ chunks ─ transcribe ─▶ words
                                ├─ detect_speech_activity ─▶ speech activity ────┘ │         │
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
token is missing. A `Session` holds the models, loaded once for all its recordings.

What a stage makes is kept on disk under all that it depends on (`meetscribe.results`), and the next run begins
where this one ends, or with the first stage whose settings have changed. How one stage is run is in
`meetscribe.pipeline.stages`, which models are held in `meetscribe.pipeline.engines`.

What happens when something goes wrong: before there are words, the run fails with an error that says what to
do. After that the words are not given up: a stage that fails is left out, `meta.notices` says so, and
`IncompleteRunError` carries the transcript.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.alignment import Aligner, align
from meetscribe.asr.quality.coverage import add_recovered, gap_chunks, uncovered_speech
from meetscribe.attribution import attribute
from meetscribe.audio import Audio, Recording, load_audio, open_recording
from meetscribe.errors import Notice, SettingsError
from meetscribe.models.resolution import Models, prepare_aligner, prepare_diarization, prepare_models
from meetscribe.pipeline import cache_keys
from meetscribe.pipeline.engines import Engines
from meetscribe.pipeline.outcomes import complete, nothing_said
from meetscribe.pipeline.provenance import diarization_record, with_provenance
from meetscribe.pipeline.stages import StageProgress, Work, ignore_stages, stage
from meetscribe.results import DIARIZATION, SPANS, TRANSCRIPT, Store, digest_of, stages_folder
from meetscribe.runtime import telemetry
from meetscribe.runtime.devices import limit_threads, resolve_device
from meetscribe.runtime.progress import Progress
from meetscribe.segmentation import detect_speech_activity
from meetscribe.settings import Settings
from meetscribe.timeline import Diarization, Span
from meetscribe.transcript import AlignmentRecord, Meta, Source, Transcript
from meetscribe.vad import detect_speech, make_chunks
from meetscribe.weights.network import network

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["STAGES", "Session", "StageProgress", "align_to", "require_recording", "run"]

STAGES = (
    "weights",
    "audio",
    "speech",
    "segmentation",
    "transcription",
    "alignment",
    "coverage",
    "diarization",
    "attribution",
)
"""The stages in the order in which they run."""

_NO_SPEAKERS = Notice("attribution.no-speakers", "no speakers were found")


class Session:
    """Who said what, and when, in any number of recordings, one after the other, with models loaded once.

        with Session(settings) as session:
            transcripts = [session.run(recording) for recording in recordings]

    With `hold` off, as for a single recording, models are let go as soon as they are not needed any more.
    """

    def __init__(self, settings: Settings | None = None, *, hold: bool = True) -> None:
        self.settings = settings or Settings()
        self.store = Store(stages_folder() if self.settings.run.cache else None)
        self._hold = hold
        self._ready: tuple[Models, Engines] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Session:
        telemetry.switch_off()
        self._open.enter_context(network(allowed=not self.settings.run.offline))
        return self

    def __exit__(self, *failure: object) -> None:
        if self._ready is not None and self._hold:  # else they were let go after each recording
            self._ready[1].release()
        self._open.close()

    def open(self, recording: str | Path | Recording) -> Recording:
        """The recording, hashed, and decoded when it is first asked for; raises InputError if it is no file."""
        if isinstance(recording, Recording):
            return recording
        return Recording(recording, lambda path, progress: load_audio(path, progress, self.settings.audio))

    def prepare(self, recording: Recording, progress: StageProgress = ignore_stages) -> None:
        """Decode a recording that is to be run, and find its speech, while another one runs; raises InputError.

        `progress` may raise to end it. Speech is looked for only where what is found is kept.
        """
        recording.audio()
        if self._ready is not None and self.store.keeps:
            _chunks(Work(recording, *self._ready, self.store, progress))

    def run(self, recording: str | Path | Recording, progress: StageProgress = ignore_stages) -> Transcript:
        """Who said what, and when, in a recording; raises what `pipeline.run` does."""
        recording = self.open(recording)
        models, engines = self._prepare(progress)
        work = Work(recording, models, engines, self.store, progress)
        try:
            transcript = _with_words(work, self.settings)
            return _with_speakers(transcript, work) if transcript.words or work.failures else transcript
        finally:
            if not self._hold:
                engines.release()

    def _prepare(self, report: StageProgress) -> tuple[Models, Engines]:
        """All models at hand, and room for those that are loaded."""
        if self._ready is None:
            device = resolve_device(self.settings.run.device)
            with stage("weights", report) as done:
                done(0.0)
                models = prepare_models(self.settings, device, done)
            self._ready = models, Engines(models.settings, device)
        return self._ready


def run(
    recording: str | Path | Recording, settings: Settings | None = None, *, progress: StageProgress | None = None
) -> Transcript:
    """Who said what, and when, in a recording; `progress` is told how far each of STAGES is.

    Raises InputError if the recording cannot be read, SettingsError if the settings ask for what cannot be,
    WeightsError if a model cannot be had, NoSpeechError if nobody speaks and `run.allow_empty` is off, and
    IncompleteRunError, with the transcript, if a stage after transcription failed.
    """
    with Session(settings, hold=False) as session:
        return session.run(recording, progress or ignore_stages)


def align_to(
    transcript: Transcript,
    recording: str | Path | Recording,
    settings: Settings | None = None,
    *,
    progress: StageProgress | None = None,
) -> Transcript:
    """Any transcript with each of its words where it is heard in the recording; all else is kept.

    Raises InputError if the recording cannot be read, SettingsError if the language is not known, WeightsError
    if the aligner cannot be had.
    """
    settings = settings or Settings()
    transcript = _in_a_language(transcript, settings)
    with Session(settings, hold=False) as session:
        engines = Engines(settings, resolve_device(settings.run.device))
        work = Work(session.open(recording), Models(settings, {}), engines, session.store, progress or ignore_stages)
        if transcript.source and transcript.source.hash not in (None, work.recording.hash):
            name = work.recording.name
            text = f"the transcript was made from another file than {name}"
            transcript = transcript.with_notices(Notice("run.other-recording", text, {"recording": name}))
        with stage("alignment", work.report) as done:
            return _aligned(transcript, work, done)


def diarize_recording(
    recording: str | Path | Recording, settings: Settings | None = None, *, progress: StageProgress | None = None
) -> Transcript:
    """Who speaks when in a recording: a transcript that has turns, but no words.

    Raises InputError if the recording cannot be read, WeightsError if a model cannot be had.
    """
    settings = settings or Settings()
    report = progress or ignore_stages
    with Session(settings, hold=False) as session:
        device = resolve_device(settings.run.device)
        with stage("weights", report) as done:
            models = prepare_diarization(settings, device, done)
        work = Work(session.open(recording), models, Engines(models.settings, device), session.store, report)
        with stage("diarization", report) as done:
            found = _diarized(work, done)
    source = Source(work.recording.name, work.recording.hash)
    meta = Meta("und", work.audio.duration, source, found.turns, found.exclusive, notices=work.audio.notices)
    transcript = with_provenance(Transcript((), meta), settings, models)
    transcript = transcript.with_provenance(diarization=diarization_record(models, found))
    return transcript.with_notices(*found.notices, *([] if found.turns else [_NO_SPEAKERS]))


def require_recording(recording: str | Path) -> None:
    """Raise InputError if there is no file with content; what is in it is not looked at yet."""
    open_recording(recording).close()


def _with_words(work: Work, asked: Settings) -> Transcript:
    """What is said, and when, as the settings ask for it; raises NoSpeechError if that is nothing."""
    chunks, speech_activity = _chunks(work), _speech_activity(work)
    transcript = _words(chunks, speech_activity, work)
    if transcript.words and _is_alignable(work.settings):
        transcript = work.attempt("alignment", partial(_aligned, transcript, work)) or transcript
    if work.settings.asr.coverage:
        transcript = work.attempt("coverage", partial(_covered, transcript, speech_activity, work)) or transcript
    source = Source(work.recording.name, work.recording.hash)
    transcript = with_provenance(transcript.with_meta(source=source), asked, work.models)
    return transcript if transcript.words or work.failures else nothing_said(transcript, chunks, asked)


def _chunks(work: Work) -> tuple[Span, ...]:
    """What the recogniser is to listen to."""
    vad = work.settings.vad
    key = work.key("speech", cache_keys.speech(work.settings))
    with stage("speech", work.report) as done:
        return work.kept(key, SPANS, lambda audio: make_chunks(detect_speech(audio, vad, done), vad), done)


def _speech_activity(work: Work) -> tuple[Span, ...] | None:
    """Return the speech activity found by the segmentation model, or None if no setting needs it."""
    if not (work.settings.asr.quality or work.settings.asr.coverage):
        return None
    limit_threads(work.settings.run.threads)
    key = work.key("segmentation", cache_keys.segmentation())
    with stage("segmentation", work.report) as done:
        return work.kept(key, SPANS, lambda audio: detect_speech_activity(audio, done), done)


def _words(chunks: tuple[Span, ...], speech_activity: tuple[Span, ...] | None, work: Work) -> Transcript:
    """What is said in the chunks; word times are as good as the engine makes them."""
    if not chunks:
        language = work.settings.asr.language or "und"
        return Transcript((), Meta(language, work.audio.duration, notices=work.audio.notices))
    with stage("transcription", work.report) as done:
        return _recognised(chunks, speech_activity, work, done)


def _recognised(
    chunks: tuple[Span, ...],
    speech_activity: tuple[Span, ...] | None,
    work: Work,
    progress: Progress,
    language: str | None = None,
) -> Transcript:
    """What the recogniser hears in the chunks, in a language if that is known by now; kept batch by batch."""
    depends = cache_keys.transcription(work.settings, work.device, language)
    key = work.key(
        "transcription",
        {**depends, "chunks": SPANS.write(chunks), "speech_activity": SPANS.write(speech_activity or ())},
    )

    def hear(audio: Audio) -> Transcript:
        recognizer = work.engines.recognizer()
        recognizer = recognizer if language is None else recognizer.with_language(language)
        heard = recognizer.transcribe(audio, chunks, progress, speech_activity, work.store.journal(key))
        return heard.with_meta(source=None)  # the same recording may have another name next time

    return work.kept(key, TRANSCRIPT, hear, progress)


def _aligned(transcript: Transcript, work: Work, progress: Progress) -> Transcript:
    """The transcript with each word where it is heard, as far as aligners are known for its languages."""
    limit_threads(work.settings.run.threads)
    languages = dict.fromkeys(word.language or transcript.language for word in transcript.words)
    found = {language: prepare_aligner(work.settings, language) for language in languages}
    names = {language: work.models.names.get("alignment", aligner[1]) for language, aligner in found.items() if aligner}
    depends = cache_keys.alignment(work.settings, work.device, found)
    key = work.key("alignment", {**depends, "names": dict(names), "words": digest_of(transcript.to_json())})

    def aligner(language: str) -> Aligner | None:
        model = found[language]
        return model and work.engines.aligner(model[0], language)

    def listen(audio: Audio) -> Transcript:
        aligned = align(transcript, audio, aligner, work.settings.alignment, progress)
        record = aligned.meta.provenance.alignment or AlignmentRecord()
        return aligned.with_provenance(alignment=replace(record, models=names)) if names else aligned

    return work.kept(key, TRANSCRIPT, listen, progress)


def _covered(
    transcript: Transcript, speech_activity: tuple[Span, ...] | None, work: Work, progress: Progress
) -> Transcript:
    """The transcript with what is heard on a second try where there is a voice, but are no words."""
    settings = work.settings
    gaps = uncovered_speech(speech_activity or (), transcript.segments, settings.asr.min_uncovered)
    if not gaps:
        progress(0.0)
        return transcript
    language = _spoken(transcript) if transcript.words and not settings.asr.multilingual else None
    chunks = gap_chunks(gaps, settings.vad.max_chunk)
    again = _recognised(chunks, speech_activity, work, lambda done: progress(done / 2), language)
    if again.segments and _is_alignable(settings):
        again = _aligned(again, work, lambda done: progress((1 + done) / 2))
    if not transcript.words:
        transcript = transcript.with_meta(language=again.language, provenance=again.meta.provenance)
    return add_recovered(transcript, again, gaps)


def _is_alignable(settings: Settings) -> bool:
    """Whether the words are to be aligned, and are those that were spoken."""
    return settings.alignment.enabled and settings.asr.task != "translate"


def _spoken(transcript: Transcript) -> str:
    """The language that was spoken, also where the words are a translation."""
    asr = transcript.meta.provenance.asr
    return (asr and asr.language) or transcript.language


def _with_speakers(transcript: Transcript, work: Work) -> Transcript:
    """The words with their speakers, if these can be found; raises IncompleteRunError if a stage has failed."""
    diarization = None
    if work.settings.diarization.enabled:
        diarization = work.attempt("diarization", partial(_diarized, work))
    attributed = work.attempt("attribution", partial(_attributed, transcript, diarization, work))
    transcript = attributed or attribute(transcript, diarization, work.settings.attribution)
    if diarization is not None:
        transcript = transcript.with_provenance(diarization=diarization_record(work.models, diarization))
        transcript = transcript if diarization.turns else transcript.with_notices(_NO_SPEAKERS)
    return complete(transcript.with_notices(*work.engines.notices), work.failures, work.store.keeps)


def _diarized(work: Work, progress: Progress) -> Diarization:
    """Who speaks when; one that was kept is without voiceprints."""
    limit_threads(work.settings.run.threads)
    key = work.key("diarization", cache_keys.diarization(work.settings, work.device))
    return work.kept(key, DIARIZATION, lambda audio: work.engines.diarizer().diarize(audio, progress), progress)


def _attributed(transcript: Transcript, diarization: Diarization | None, work: Work, progress: Progress) -> Transcript:
    """The words with their speakers; the diarizer is loaded once more only if the settings ask for voices."""

    def voices(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        limit_threads(work.settings.run.threads)
        audio = work.audio
        return work.engines.on_device(lambda: work.engines.diarizer().voiceprints(audio, groups))

    progress(0.0)
    return attribute(transcript, diarization, work.settings.attribution, voices)


def _in_a_language(transcript: Transcript, settings: Settings) -> Transcript:
    """The transcript with a known language: its own, else that of the settings; raises SettingsError."""
    if transcript.language != "und":
        return transcript
    if settings.asr.language is None:
        raise SettingsError("the transcript does not say its language", "Give it, for example --language en.")
    return transcript.with_meta(language=settings.asr.language)
