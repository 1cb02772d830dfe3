"""Attribution of an existing transcript to existing turns, without a recording."""

from __future__ import annotations

from pathlib import PurePath

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.stage import attribute
from meetscribe.errors import InputError, Notice
from meetscribe.timeline import Diarization, Seconds, Turn
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.transfer import transfer_edits

MAX_END_DIFFERENCE: Seconds = 30.0
"""The maximum difference between the ends of words and turns of one recording, or a tenth of its duration if longer."""


def attribute_transcript(
    transcript: Transcript, source: Transcript, settings: AttributionSettings, *, turns_name: str = "the turns"
) -> Transcript:
    """Return the words of a transcript with the speakers of another one, `source`, in new segments.

    Corrections of `transcript` are kept if they still apply. A notice is added if the two seem to come from different
    recordings. Raises InputError, naming `turns_name`, if `source` contains neither turns nor speakers.
    """
    diarization = _diarization(source, turns_name)
    notices = _mismatches(transcript, source, diarization)
    attributed = attribute(transcript.with_notices(*notices), diarization, settings)
    return transfer_edits(transcript, attributed.with_meta(edits=()))


def _diarization(source: Transcript, name: str) -> Diarization:
    """Return the turns of a transcript, or else turns from its segments; raises InputError if it has neither."""
    turns = source.turns or tuple(
        Turn(segment.start, segment.end, segment.speaker) for segment in source.segments if segment.speaker is not None
    )
    if not (turns or source.meta.exclusive):
        raise InputError(f"{name} contains no speaker turns", "Give a file with turns, for example RTTM.")
    return Diarization(turns, source.meta.exclusive)


def _mismatches(transcript: Transcript, source: Transcript, diarization: Diarization) -> list[Notice]:
    """Return notices if the names or the ends suggest different recordings."""
    texts = []
    names = [PurePath(each.recording.name).stem if each.recording else None for each in (transcript, source)]
    if None not in names and names[0] != names[1]:
        texts.append(f"the transcript is of {names[0]}, but the turns are of {names[1]}")
    ends = (
        max((segment.end for segment in transcript.segments), default=0.0),
        max(turn.end for turn in (*diarization.turns, *diarization.exclusive)),
    )
    if transcript.segments and max(ends) - min(ends) > max(MAX_END_DIFFERENCE, max(ends) / 10):
        text = f"the words end at {ends[0]:.0f} s and the turns at {ends[1]:.0f} s; are they from the same recording?"
        texts.append(text)
    return [Notice("attribution.mismatch", text) for text in texts]
