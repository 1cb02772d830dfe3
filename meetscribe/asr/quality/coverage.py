"""Find speech without words, and insert the words that a second decoding, run by the pipeline, recovers there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meetscribe.asr.decoding import activity_near
from meetscribe.asr.quality.summary import SUMMARY, summary
from meetscribe.timeline import Seconds, Span, overlap, union
from meetscribe.transcript import Finding, Segment, Transcript, Word

_MARGIN: Seconds = 0.25  # tolerance of the boundaries of speech, on which detectors disagree
_PAUSE: Seconds = 1.0  # shorter pauses do not divide a passage of speech


def uncovered_speech(
    speech_activity: Iterable[Span], segments: Sequence[Segment], shortest: Seconds
) -> tuple[Span, ...]:
    """Return the parts of the speech activity without words that last at least `shortest` seconds, in order.

    A word covers a quarter of a second on each side. Words with interpolated times may lie anywhere in their segment,
    so they cover all of it.
    """
    covered = union(
        Span(max(0.0, span.start - _MARGIN), span.end + _MARGIN) for segment in segments for span in _covered(segment)
    )
    gaps: list[Span] = []
    index = 0
    for active in union(speech_activity):
        start = active.start
        while index < len(covered) and covered[index].end <= start:
            index += 1
        for span in covered[index:]:
            if span.start >= active.end:
                break
            gaps.append(Span(start, max(start, span.start)))
            start = max(start, span.end)
        gaps.append(Span(start, max(start, active.end)))
    return tuple(gap for gap in gaps if round(gap.duration, 6) >= shortest)


def missed_speech(speech: Sequence[Span], segments: Sequence[Segment], shortest: Seconds) -> tuple[Span, ...]:
    """Return the passages with at least `shortest` seconds of speech, but without words, in order.

    `speech` has disjoint spans in order; short pauses between them are part of a passage.
    """
    passages = uncovered_speech(union(speech, _PAUSE), segments, shortest)
    return tuple(gap for gap in passages if round(overlap(gap, activity_near(gap, speech, 0.0)), 6) >= shortest)


def gap_chunks(gaps: Iterable[Span], longest: Seconds) -> tuple[Span, ...]:
    """Return the gaps as chunks to decode: widened by a margin, and cut into parts of at most `longest` seconds."""
    chunks: list[Span] = []
    for gap in gaps:
        start, end = max(0.0, gap.start - _MARGIN), gap.end + _MARGIN
        if chunks:
            start = max(start, chunks[-1].end)
        chunks += Span(start, end).equal_parts(longest)
    return tuple(chunks)


def without_doubtful(second: Transcript) -> Transcript:
    """Return a second decoding without doubtful segments, because the speech may only be laughter.

    The findings are kept. They refer to the times of the engine, so call this before changing word times.
    """
    doubtful = [finding.span for finding in second.meta.findings if finding.kind == "suspect"]
    return second.with_segments(
        segment for segment in second.segments if not any(_overlap_or_equal(segment.span, span) for span in doubtful)
    )


def add_recovered(transcript: Transcript, second: Transcript, gaps: Sequence[Span]) -> Transcript:
    """Insert the segments of a second decoding into the transcript, each with a finding.

    Gaps that still have no words are listed as "uncovered", with the doubtful text that was left out.
    """
    doubtful = [finding for finding in second.meta.findings if finding.kind == "suspect"]
    recovered = second.segments
    recovered_findings = [Finding("recovered", s.start, s.end, "found by a second decoding", s.text) for s in recovered]
    uncovered = [gap for gap in gaps if not any(gap.overlap(segment.span) > 0 for segment in recovered)]
    findings = sorted(
        (*transcript.meta.findings, *recovered_findings, *(_uncovered(gap, doubtful) for gap in uncovered)),
        key=lambda finding: (finding.start, finding.end, finding.kind),
    )
    starts = [segment.start for segment in recovered]
    parts = [part for segment in transcript.segments for part in _split_at(segment, starts)]
    segments = sorted((*parts, *recovered), key=lambda segment: segment.start)
    notices = [notice for notice in (*transcript.meta.notices, *second.meta.notices) if notice.code != SUMMARY]
    return transcript.with_segments(segments).with_meta(findings=findings, notices=(*notices, *summary(findings)))


def _overlap_or_equal(span: Span, other: Span) -> bool:
    """Return whether two spans overlap, or are equal: spans without duration do not overlap."""
    return span.overlap(other) > 0 or span == other


def _uncovered(gap: Span, doubtful: Iterable[Finding]) -> Finding:
    """Return the finding about a gap without words, with the doubtful text that was decoded there."""
    inside = [finding for finding in doubtful if gap.overlap(finding.span) > 0]
    reason = "; ".join(["speech was detected, but no words were found", *(finding.reason for finding in inside)])
    return Finding("uncovered", gap.start, gap.end, reason, " ".join(finding.text for finding in inside))


def _split_at(segment: Segment, times: Iterable[Seconds]) -> list[Segment]:
    """Split the segment so that segments that start at `times` fit between its parts."""
    parts: list[list[Word]] = []
    inside = [time for time in times if segment.start < time < segment.end]
    parts_of_words = [sum(time < word.start for time in inside) for word in segment.words]
    for before, part, word in zip([-1, *parts_of_words], parts_of_words, segment.words, strict=False):
        if part != before:
            parts.append([])
        parts[-1].append(word)
    return [Segment(tuple(words)) for words in parts]


def _covered(segment: Segment) -> list[Span]:
    """Return the spans that a segment covers: its words, or all of it if a word has interpolated times."""
    if any(word.timing == "interpolated" for word in segment.words):
        return [segment.span]
    return [word.span for word in segment.words]
