"""The order of the stages for one recording, and the partial result if a stage fails."""

from __future__ import annotations

from functools import partial

from meetscribe.attribution import attribute
from meetscribe.pipeline import stages
from meetscribe.pipeline.known_speakers import identify_speakers, needs_voiceprints
from meetscribe.pipeline.outcomes import require_complete, require_speech, speaker_notices
from meetscribe.pipeline.provenance import diarization_record, with_provenance
from meetscribe.pipeline.stage_runner import StageRunner
from meetscribe.settings import Settings
from meetscribe.timeline import Diarization
from meetscribe.transcript import RecordingFile, Transcript
from meetscribe.transcript.word_ids import with_word_ids


def run_stages(runner: StageRunner, settings: Settings) -> Transcript:
    """Return the words of the recording with their times and speakers.

    `settings` are the caller's settings, before the models were resolved. Raises IncompleteRunError if a stage after
    transcription failed, and otherwise NoSpeechError if there are no words and `run.allow_empty` is off.
    """
    transcript = _with_words(runner, settings)
    if transcript.words or runner.failures:  # after a failed second pass, there may be speech without words
        transcript = _with_speakers(transcript, runner)
    return require_complete(runner.with_notices(transcript), runner.failures, runner.store.is_writable)


def recording_file(runner: StageRunner) -> RecordingFile:
    """Return the path and the hash of the recording."""
    return RecordingFile(str(runner.recording.path), runner.recording.hash)


def _with_words(runner: StageRunner, settings: Settings) -> Transcript:
    """Return the words with their times.

    Raises NoSpeechError if there are none, no stage has failed, and `run.allow_empty` is off.
    """
    speech, activity = stages.detect_speech(runner), stages.detect_speech_activity(runner)
    transcript = stages.transcribe(speech, activity, runner)
    if transcript.words and stages.can_align(runner.settings):
        transcript = runner.run_optional("alignment", partial(stages.align_words, transcript, runner)) or transcript
    if runner.settings.asr.coverage:
        recover = partial(stages.recover_missed_speech, transcript, speech, activity, runner)
        transcript = runner.run_optional("coverage", recover) or transcript
    with_ids = partial(with_word_ids, transcript.with_meta(recording=recording_file(runner)))
    transcript = runner.guard("word ids", with_ids) or transcript
    with_record = partial(with_provenance, transcript, settings, runner.models)
    transcript = runner.guard("provenance", with_record) or transcript
    return transcript if transcript.words or runner.failures else require_speech(transcript, speech.padded, settings)


def _with_speakers(transcript: Transcript, runner: StageRunner) -> Transcript:
    """Return the words with their speakers, or without them if the stages fail."""
    diarization = None
    if runner.settings.diarization.enabled:
        diarization = runner.run_optional("diarization", partial(stages.diarize, runner))
    attributed = runner.run_optional("attribution", partial(stages.attribute_speakers, transcript, diarization, runner))
    if attributed is None:  # comparing voiceprints may have failed; repeat without them, the failure stays reported
        without_check = partial(attribute, transcript, diarization, runner.settings.attribution)
        attributed = runner.guard("attribution", without_check)
    transcript = attributed or transcript
    if diarization is not None:
        with_record = partial(_with_diarization_record, transcript, diarization, runner)
        transcript = runner.guard("provenance", with_record) or transcript
        if needs_voiceprints(runner.settings.profiles):
            identify = partial(identify_speakers, transcript, runner)
            transcript = runner.run_optional("profiles", identify) or transcript
    return transcript


def _with_diarization_record(transcript: Transcript, diarization: Diarization, runner: StageRunner) -> Transcript:
    """Return the transcript with the provenance of its speakers and the notices about their number."""
    transcript = transcript.with_provenance(diarization=diarization_record(runner.models, diarization))
    return transcript.with_notices(*speaker_notices(transcript, diarization, runner.settings.diarization))
