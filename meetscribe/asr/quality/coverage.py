"""Speech that no word covers, and the words found there on a second try; pure. Who listens again is the
pipeline's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meetscribe.asr.quality.summary import SUMMARY, summary
from meetscribe.timeline import Seconds, Span, union
from meetscribe.transcript import Finding, Segment, Transcript, Word

_MARGIN: Seconds = 0.25  # what two ears may disagree about where a voice begins and ends


def uncovered_speech(
    speech_activity: Iterable[Span], segments: Sequence[Segment], shortest: Seconds
) -> tuple[Span, ...]:
    """The parts of `speech_activity` of at least `shortest` seconds in which there is no word, in order.

    A quarter of a second around each word belongs to it. Words whose times are a guess may lie anywhere in
    their segment, so all of it counts as covered.
    """
    covered = union(
        Span(max(0.0, span.start - _MARGIN), span.end + _MARGIN) for segment in segments for span in _heard(segment)
    )
    gaps: list[Span] = []
    place = 0
    for voice in union(speech_activity):
        start = voice.start
        while place < len(covered) and covered[place].end <= start:
            place += 1
        for span in covered[place:]:
            if span.start >= voice.end:
                break
            gaps.append(Span(start, max(start, span.start)))
            start = max(start, span.end)
        gaps.append(Span(start, max(start, voice.end)))
    return tuple(gap for gap in gaps if round(gap.duration, 6) >= shortest)


def gap_chunks(gaps: Iterable[Span], longest: Seconds) -> tuple[Span, ...]:
    """The gaps as a recogniser takes them: with the margin that belonged to the words beside them given back,
    and cut into equal parts where they are longer than `longest` seconds.
    """
    chunks: list[Span] = []
    for gap in gaps:
        start, end = max(0.0, gap.start - _MARGIN), gap.end + _MARGIN
        if chunks:
            start = max(start, chunks[-1].end)
        chunks += Span(start, end).equal_parts(longest)
    return tuple(chunks)


def add_recovered(transcript: Transcript, again: Transcript, gaps: Sequence[Span]) -> Transcript:
    """The transcript with the segments of `again` in their place in time, and findings of what they say.

    What is doubtful in `again` is not taken in: a voice that was missed once may be no more than a laugh. Those of
    `gaps` in which there is still no word are found to be "uncovered", with the text that was not believed.
    """
    doubted = [finding for finding in again.meta.findings if finding.kind == "suspect"]
    taken = [s for s in again.segments if not any(s.span.overlap(finding.span) > 0 for finding in doubted)]
    found = [Finding("recovered", s.start, s.end, "heard on a second try only", s.text) for s in taken]
    still = [gap for gap in gaps if not any(gap.overlap(segment.span) > 0 for segment in taken)]
    findings = sorted(
        (*transcript.meta.findings, *found, *(_uncovered(gap, doubted) for gap in still)),
        key=lambda finding: (finding.start, finding.end, finding.kind),
    )
    starts = [segment.start for segment in taken]
    parts = [part for segment in transcript.segments for part in _parted(segment, starts)]
    segments = sorted((*parts, *taken), key=lambda segment: segment.start)
    notices = [n for n in (*transcript.meta.notices, *again.meta.notices) if n.code != SUMMARY]
    return transcript.with_segments(segments).with_meta(findings=findings, notices=(*notices, *summary(findings)))


def _uncovered(gap: Span, doubted: Iterable[Finding]) -> Finding:
    """The finding that there is a voice in a gap, and what was heard there but not believed."""
    inside = [finding for finding in doubted if gap.overlap(finding.span) > 0]
    why = "; ".join(["somebody is heard, but no words", *(finding.reason for finding in inside)])
    return Finding("uncovered", gap.start, gap.end, why, " ".join(finding.text for finding in inside))


def _parted(segment: Segment, times: Iterable[Seconds]) -> list[Segment]:
    """The segment in parts, between which there is room for words that are heard at `times`."""
    parts: list[list[Word]] = []
    inside = [time for time in times if segment.start < time < segment.end]
    places = [sum(time < word.start for time in inside) for word in segment.words]
    for before, place, word in zip([-1, *places], places, segment.words, strict=False):
        if place != before:
            parts.append([])
        parts[-1].append(word)
    return [Segment(tuple(words)) for words in parts]


def _heard(segment: Segment) -> list[Span]:
    """Where the segment's words are heard."""
    if any(_is_guess(word) for word in segment.words):
        return [segment.span]
    return [word.span for word in segment.words]


def _is_guess(word: Word) -> bool:
    """Whether its times are not measured."""
    return word.timing == "interpolated"
