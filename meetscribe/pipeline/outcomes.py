"""How a run ends that does not go well: without words, or without a stage; errors of single stages are theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meetscribe.errors import IncompleteRunError, MeetscribeError, NoSpeechError, Notice, first_line
from meetscribe.settings import Settings
from meetscribe.timeline import Span
from meetscribe.transcript import Transcript

NO_SPEECH = "speech.none"
"""The code of the notice about a recording without speech."""

NO_SPEAKERS = Notice("attribution.no-speakers", "no speakers were found")


def complete(transcript: Transcript, failures: Mapping[str, Exception], kept: bool) -> Transcript:
    """The transcript, if no stage has failed; raises IncompleteRunError if one has.

    `kept` says whether the next run begins with what has failed.
    """
    if not failures:
        return transcript
    notices = [
        Notice("run.stage-failed", f"{stage} failed: {reason(error)}", {"stage": stage, "reason": reason(error)})
        for stage, error in failures.items()
    ]
    remedies = [error.remedy for error in failures.values() if isinstance(error, MeetscribeError) and error.remedy]
    if kept:
        remedies.append(f"The same command again runs {' and '.join(failures)} alone: all else is kept.")
    first = next(iter(failures.values()))
    message = "\n".join(notice.text for notice in notices)
    raise IncompleteRunError(message, "\n".join(remedies), transcript.with_notices(*notices)) from first


def nothing_said(transcript: Transcript, chunks: Sequence[Span], settings: Settings) -> Transcript:
    """The empty transcript, if that is allowed; raises NoSpeechError if not."""
    recording = transcript.recording.name if transcript.recording else "the recording"
    said = f"nobody speaks in {recording}"
    if chunks:
        seconds = sum(chunk.duration for chunk in chunks)
        said = f"{said}: {seconds:.1f} s sounded like speech, but no word was recognised"
    if settings.run.allow_empty:
        return transcript.with_notices(Notice(NO_SPEECH, said, {"recording": recording}))
    raise NoSpeechError(
        said, "Check that it has sound, lower vad.threshold, or use --allow-empty for an empty transcript."
    )


def reason(error: Exception) -> str:
    """The first line of what went wrong."""
    if isinstance(error, MeetscribeError):
        return error.message
    return first_line(error)
