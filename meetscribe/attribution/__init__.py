"""Words × turns → speakers: who said each word, and segments cut where the speaker or the sentence changes.

Pure arithmetic on values: no audio, no model. Finding the turns is the diarization room's.
"""

from __future__ import annotations

from dataclasses import replace

from meetscribe.attribution.assignment import assign, mark_overlap
from meetscribe.attribution.segments import into_segments
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.voiceprint_check import Voices
from meetscribe.timeline import Diarization
from meetscribe.transcript import Transcript

__all__ = ["AttributionSettings", "Voices", "attribute", "mark_overlap"]


def attribute(
    transcript: Transcript,
    diarization: Diarization | None,
    settings: AttributionSettings | None = None,
    voices: Voices | None = None,
) -> Transcript:
    """The same words in the same order, each with its speaker, in segments cut anew.

    Words take their speaker, and the `overlap` flag, from the turns that may overlap, from the exclusive ones
    only if there are no others. With `settings.voice`, doubtful runs of words are listened to again by `voices`,
    if given. Turns, exclusive turns and notices of the diarization go into `meta`.
    Without a diarization (None) only the segments are cut. A speaker whose source is a channel, a hint or
    an edit is kept: a turn knows less. Doing it again changes nothing.
    """
    settings = settings or AttributionSettings()
    words = transcript.words
    if diarization is None:
        return transcript.with_segments(into_segments(words, settings))
    meta = replace(
        transcript.meta,
        turns=diarization.turns,
        exclusive=diarization.exclusive,
        notices=(*transcript.meta.notices, *diarization.notices),
    )
    return Transcript(into_segments(assign(words, diarization, settings, voices), settings), meta)
