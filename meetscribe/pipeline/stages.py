"""The stages of one recording, which call the rooms that compute their results.

A stage takes the results of earlier stages and a `StageRunner`. What models compute is cached, except the voiceprints
in `attribute_speakers`. `meetscribe.pipeline.flow` defines the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from meetscribe.alignment import Aligner, align
from meetscribe.asr.one_script import match_script
from meetscribe.asr.quality.coverage import add_recovered, gap_chunks, missed_speech, without_doubtful
from meetscribe.asr.settings import second_pass
from meetscribe.asr.word_bounds import bound_word_times, combined_speech
from meetscribe.attribution import attribute
from meetscribe.audio import Audio
from meetscribe.diarization import Analyser, find_speakers
from meetscribe.pipeline.stage_runner import StageRunner, report_stage
from meetscribe.results import ANALYSIS, DIARIZATION, SPANS, SPEECH, TRANSCRIPT, json_digest
from meetscribe.runtime.progress import Progress
from meetscribe.settings import Settings
from meetscribe.timeline import DetectedSpeech, Diarization, Span, union
from meetscribe.transcript import AlignmentRecord, Meta, Transcript
from meetscribe.vad import make_chunks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.settings import AsrSettings

_ANALYSIS_SHARE = 0.98  # of the diarization time; the rest is clustering


def detect_speech(runner: StageRunner) -> DetectedSpeech:
    """Return the speech of the recording, for the chunks to transcribe and for word times."""
    vad = runner.settings.vad
    key = runner.key("speech", runner.dependencies.speech())
    with report_stage("speech", runner.report) as progress:
        return runner.cached(key, SPEECH, lambda audio: runner.loaders.speech(audio, vad, progress), progress)


def detect_speech_activity(runner: StageRunner) -> tuple[Span, ...] | None:
    """Return the speech found by the segmentation model; None if no setting needs it."""
    if not (runner.settings.asr.quality or runner.settings.asr.coverage):
        return None
    key = runner.key("segmentation", runner.dependencies.segmentation())
    with report_stage("segmentation", runner.report) as progress:
        return runner.cached(key, SPANS, lambda audio: runner.loaders.speech_activity(audio, progress), progress)


def transcribe(speech: DetectedSpeech, activity: tuple[Span, ...] | None, runner: StageRunner) -> Transcript:
    """Return the words in the chunks of speech, with the word times of the engine, limited to the speech.

    `activity` is the speech found by the segmentation model. Without chunks, the transcript is empty.
    """
    chunks = make_chunks(speech.padded, runner.settings.vad)
    if not chunks:
        language = runner.settings.asr.language or "und"
        audio = runner.audio
        meta = Meta(language, audio.duration, notices=audio.notices, title=audio.title, recorded_at=audio.recorded_at)
        return Transcript((), meta)
    with report_stage("transcription", runner.report) as progress:
        # Text is checked against the speech of both detectors. Word times follow the more precise `speech.activity`,
        # and the segmentation model only where that finds no speech.
        any_speech = None if activity is None else union((*activity, *speech.activity))
        transcript = _transcribe_chunks(chunks, any_speech, runner, progress)
        return bound_word_times(transcript, combined_speech(speech.activity, activity or ()))


def align_words(transcript: Transcript, runner: StageRunner, progress: Progress) -> Transcript:
    """Return the transcript with aligned word times, for the languages that have an aligner."""
    settings = runner.settings
    languages = dict.fromkeys(word.language or transcript.language for word in transcript.words)
    # By language, the path and the name of the aligner, None if there is none.
    aligners = {language: runner.loaders.aligner_model(settings, language) for language in languages}
    # The name of an aligner fetched by the stage `weights`; the settings then have its path for all languages.
    fetched_name = runner.models.names.get("alignment")
    names = {language: fetched_name or aligner[1] for language, aligner in aligners.items() if aligner}
    dependencies = runner.dependencies.alignment(aligners)
    words = json_digest(transcript.to_json())
    key = runner.key("alignment", {**dependencies, "names": dict(names), "words": words})

    def aligner_of(language: str) -> Aligner | None:
        aligner = aligners[language]
        return aligner and runner.loaded.aligner(aligner[0], language)

    def compute(audio: Audio) -> Transcript:
        result = align(transcript, audio, aligner_of, settings.alignment, progress)
        record = result.meta.provenance.alignment or AlignmentRecord()
        return result.with_provenance(alignment=replace(record, models=names)) if names else result

    return runner.cached(key, TRANSCRIPT, compute, progress)


def recover_missed_speech(
    transcript: Transcript,
    speech: DetectedSpeech,
    activity: tuple[Span, ...] | None,
    runner: StageRunner,
    progress: Progress,
) -> Transcript:
    """Return the transcript with words that a second pass recognises in speech without words."""
    settings = runner.settings
    all_speech = combined_speech(speech.activity, activity or ())
    gaps = missed_speech(all_speech, transcript.segments, settings.asr.min_uncovered)
    if not gaps:
        progress(0.0)
        return transcript
    language = _spoken_language(transcript) if transcript.words and not settings.asr.multilingual else None
    chunks = gap_chunks(gaps, settings.vad.max_chunk)
    asr_settings = second_pass(settings.asr, language)
    # Unlike in `transcribe`, the text is checked against the speech of the segmentation model alone.
    second = _transcribe_chunks(chunks, activity, runner, lambda done: progress(done / 2), asr_settings)
    second = bound_word_times(match_script(without_doubtful(second), transcript), all_speech)
    if second.segments and can_align(settings):
        second = align_words(second, runner, lambda done: progress((1 + done) / 2))
    if not transcript.words:
        transcript = transcript.with_meta(language=second.language, provenance=second.meta.provenance)
    return add_recovered(transcript, second, gaps)


def diarize(runner: StageRunner, progress: Progress) -> Diarization:
    """Return the speaker turns.

    The voiceprints of the speakers are not cached: attribution and profiles compute their own from the audio.

    The networks run once per recording and clustering threshold, and the voiceprints of windows are cached. With other
    clustering settings, such as a different number of speakers, this stored analysis is clustered again: agglomerative
    clustering needs neither the recording nor the models.
    """
    key = runner.key("diarization", runner.dependencies.diarization())
    stored = runner.store.load(key, DIARIZATION)
    if stored is not None:
        return stored
    analysis_key = runner.key("voiceprints", runner.dependencies.voiceprints())
    analysis = runner.store.load(analysis_key, ANALYSIS)
    # `tuned` is the rule for agglomerative clustering. It is None for any other clustering, which needs the diarizer.
    if analysis is not None and analysis.tuned is not None:
        diarization = find_speakers(analysis, runner.settings.diarization)
        runner.save(key, DIARIZATION, diarization)
        return diarization

    def compute(audio: Audio) -> Diarization:
        if not isinstance(runner.loaded.diarizer(), Analyser):
            return runner.loaded.diarizer().diarize(audio, progress)
        new_analysis = runner.cached(
            analysis_key, ANALYSIS, lambda audio: runner.loaded.diarizer().analyse(audio, report), report
        )
        return runner.loaded.diarizer().find_speakers(new_analysis)

    def report(done: float) -> None:
        progress(_ANALYSIS_SHARE * done)

    return runner.cached(key, DIARIZATION, compute, progress)


def attribute_speakers(
    transcript: Transcript, diarization: Diarization | None, runner: StageRunner, progress: Progress
) -> Transcript:
    """Return the words with their speakers; the diarizer is needed only for `attribution.voiceprints`."""

    def voiceprints(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        audio = runner.audio
        return runner.loaded.with_fallback(lambda: runner.loaded.diarizer().voiceprints(audio, groups))

    progress(0.0)
    return attribute(transcript, diarization, runner.settings.attribution, voiceprints)


def can_align(settings: Settings) -> bool:
    """Return whether alignment is enabled and the words are not a translation."""
    return settings.alignment.enabled and settings.asr.task != "translate"


def _transcribe_chunks(
    chunks: tuple[Span, ...],
    activity: tuple[Span, ...] | None,
    runner: StageRunner,
    progress: Progress,
    settings: AsrSettings | None = None,
) -> Transcript:
    """Return the words in the chunks, decoded with `settings` if given; results are stored batch by batch."""
    dependencies = runner.dependencies.transcription(settings)
    spans: dict[str, str] = {"chunks": SPANS.write(chunks), "speech_activity": SPANS.write(activity or ())}
    key = runner.key("transcription", {**dependencies, **spans})

    def compute(audio: Audio) -> Transcript:
        recognizer = runner.loaded.recognizer()
        recognizer = recognizer if settings is None else recognizer.with_settings(settings)
        transcript = recognizer.transcribe(audio, chunks, progress, activity, runner.store.journal(key))
        return transcript.with_meta(recording=None)  # the same recording may have another name next time

    return runner.cached(key, TRANSCRIPT, compute, progress)


def _spoken_language(transcript: Transcript) -> str:
    """Return the spoken language, even if the words are a translation."""
    asr = transcript.meta.provenance.asr
    return (asr and asr.language) or transcript.language
