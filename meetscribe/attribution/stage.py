"""The attribution stage: combines a transcript and a diarization into a transcript with speakers."""

from __future__ import annotations

from dataclasses import replace

from meetscribe.attribution.assignment import assign
from meetscribe.attribution.doubtful_speakers import with_doubtful_speakers
from meetscribe.attribution.segments import make_segments
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.voiceprint_check import EmbedSpans
from meetscribe.timeline import Diarization
from meetscribe.transcript import Transcript


def attribute(
    transcript: Transcript,
    diarization: Diarization | None,
    settings: AttributionSettings | None = None,
    embed_spans: EmbedSpans | None = None,
) -> Transcript:
    """Return the same words in the same order, each with its speaker, in new segments.

    Speakers and the `overlap` flag come from the overlapping turns, or from the exclusive turns if there are no others.
    With `settings.voiceprints` and `embed_spans`, uncertain runs of words are compared with the speakers' voiceprints.
    The turns, exclusive turns and notices of the diarization are stored in `meta`, with a finding for words mostly
    outside the turns of their speaker. If `diarization` is None, only the segments change.

    A speaker from a channel, a hint or an edit is kept. The function is idempotent.
    """
    settings = settings or AttributionSettings()
    words = transcript.words
    if diarization is None:
        return transcript.with_segments(make_segments(words, settings))
    attributed = assign(words, diarization, settings, embed_spans)
    meta = replace(
        transcript.meta,
        turns=diarization.turns,
        exclusive=diarization.exclusive,
        notices=(*transcript.meta.notices, *diarization.notices),
        findings=with_doubtful_speakers(transcript.meta.findings, attributed),
    )
    return Transcript(make_segments(attributed, settings), meta)
