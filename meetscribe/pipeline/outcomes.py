"""Outcomes of runs without words, or with failed stages: notices and errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import IncompleteRunError, MeetscribeError, NoSpeechError, Notice, first_line
from meetscribe.settings import Settings
from meetscribe.text.counting import counted
from meetscribe.timeline import Diarization, Span
from meetscribe.transcript import Transcript

NO_SPEECH = "speech.none"
"""The code of the notice about a recording without speech."""

NO_SPEAKERS = Notice("attribution.no-speakers", "no speakers were found")

_BUG = "This is a bug in meetscribe or a package it depends on. Run again with --debug, and report the traceback."
# The beginning of the message of torch's dispatcher if a device lacks an operator.
_MISSING_OPERATOR = ("Could not run '", "The operator '")


def speaker_notices(
    transcript: Transcript, diarization: Diarization, settings: DiarizationSettings
) -> tuple[Notice, ...]:
    """Return a notice if no speakers were found, or if some of the number that was requested have no words."""
    if not diarization.turns:
        return (NO_SPEAKERS,)
    requested = settings.speakers or settings.min_speakers or 0
    silent = [speaker for speaker in diarization.speakers if speaker not in transcript.speakers]
    if not silent or len(transcript.speakers) >= requested:
        return ()
    text = f"{counted(requested, 'speaker')} {'was' if requested == 1 else 'were'} requested, but {', '.join(silent)} "
    text += f"{'has' if len(silent) == 1 else 'have'} no words"
    return (Notice("attribution.no-words", text, {"speakers": [*silent]}),)


def require_complete(transcript: Transcript, failures: Mapping[str, Exception], cached: bool) -> Transcript:
    """Return the transcript if no stage failed; otherwise raise IncompleteRunError with the transcript.

    `failures` holds the error of each failed stage; `cached` says whether the results of slow stages are stored.
    """
    if not failures:
        return transcript
    notices = [_failure_notice(stage, error) for stage, error in failures.items()]
    bugs = [error for error in failures.values() if is_programming_error(error)]
    remedies = [error.remedy for error in failures.values() if isinstance(error, MeetscribeError) and error.remedy]
    if bugs:
        remedies.append(_BUG)
    if cached:
        again = " and ".join(failures)
        remedies.append(f"The same command computes {again} again, and loads the cached results of other stages.")
    message = "\n".join(notice.text for notice in notices)
    cause = next(iter([*bugs, *failures.values()]))  # --debug prints its traceback
    raise IncompleteRunError(message, "\n".join(remedies), transcript.with_notices(*notices)) from cause


def require_speech(transcript: Transcript, speech: Sequence[Span], settings: Settings) -> Transcript:
    """Return a transcript without words with a notice if `run.allow_empty` is on; raises NoSpeechError if it is off.

    `speech` is the detected speech, in which no words were recognised.
    """
    recording = transcript.recording.name if transcript.recording else "the recording"
    track, others = _tracks(transcript.meta.notices)
    text = f"there is no speech in {track}{recording}"
    if speech:
        seconds = sum(span.duration for span in speech)
        text = f"{text}: {seconds:.1f} s sounded like speech, but no words were recognised"
    if settings.run.allow_empty:
        return transcript.with_notices(Notice(NO_SPEECH, text, {"recording": recording}))
    remedy = "Check that it has sound, lower vad.threshold, or use --allow-empty for an empty transcript."
    raise NoSpeechError(text, f"{others}{remedy}")


def _tracks(notices: Iterable[Notice]) -> tuple[str, str]:
    """Return the used audio track, and a remedy that names the others; both empty if there is only one."""
    for notice in notices:
        used, tracks = notice.data.get("track"), notice.data.get("tracks")
        if notice.code == "audio.several-tracks" and isinstance(tracks, list):
            others = [f"--stream {number} ({name})" for number, name in enumerate(tracks, start=1) if number != used]
            return f"audio track {used} of ", f"Transcribe another audio track: {', '.join(others)}.\n"
    return "", ""


def not_cached(stage: str, error: Exception) -> Notice:
    """Return a notice that the result of a stage could not be cached."""
    text = f"the result of {stage} could not be cached: {reason(error)}"
    return Notice("run.not-cached", text, {"stage": stage, "reason": reason(error)})


def is_programming_error(error: BaseException) -> bool:
    """Return whether an error is a bug, not a missing model, a device failure, or a lack of memory or disk space."""
    if isinstance(error, NotImplementedError):
        return not str(error).startswith(_MISSING_OPERATOR)
    # torch and CTranslate2 raise RuntimeError for a failed device or full memory; a RecursionError is one, too.
    expected = isinstance(error, MeetscribeError | RuntimeError | MemoryError | OSError)
    return isinstance(error, RecursionError) or not expected


def reason(error: Exception) -> str:
    """Return the first line of an error, preceded by the name of its class if it is a bug."""
    if isinstance(error, MeetscribeError):
        return error.message
    name, text = type(error).__name__, first_line(error)
    return f"{name}: {text}" if is_programming_error(error) and text != name else text


def _failure_notice(stage: str, error: Exception) -> Notice:
    data = {"stage": stage, "reason": reason(error), "error": type(error).__name__}
    return Notice("run.stage-failed", f"{stage} failed: {reason(error)}", data)
