"""Comparison of uncertain words with the speakers' voiceprints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.speech_time import Coverage, Flags, Milliseconds, exclusive_coverages
from meetscribe.attribution.viterbi import Labels
from meetscribe.timeline import Seconds, Span, total, union

Voiceprints: TypeAlias = npt.NDArray[np.float32]
Times: TypeAlias = tuple[Milliseconds, Milliseconds]
"""The starts and the ends of the words, each `(words,)`."""

EmbedSpans: TypeAlias = Callable[[Sequence[Sequence[Span]]], Voiceprints]
"""Returns a voiceprint `(groups, dim)` of the speech in each group of spans, NaN if it is too short."""

ENROLMENT_SECONDS: Seconds = 30.0
"""The maximum length of the speech used for the voiceprint of a speaker."""

LONGEST_WORD: Seconds = 1.0
"""The part of a word beyond this is treated as the pause after it; chosen by hand.

It is longer than `evidence.LONGEST_WORD_MS`, which was chosen separately.
"""


def reassign_by_voiceprint(
    labels: Labels,
    uncertain: Flags,
    coverages: Sequence[Coverage],
    times: Times,
    settings: AttributionSettings,
    embed_spans: EmbedSpans,
) -> Labels:
    """Return the speaker of each word, `(words,)`, changed where an uncertain run clearly matches another speaker.

    A run has one speaker and no pause. Its candidates are the speakers who talk within `settings.max_gap` of it. Their
    voiceprints are computed from non-overlapping speech, because the voiceprints of the diarization are not stored.
    """
    contested = list(_contested(labels, uncertain, coverages, times, settings))
    if not contested:
        return labels
    voiceprints = embed_spans([*exclusive_speech(coverages), *(_spans(run, times) for run, _ in contested)])
    voiceprints = voiceprints / np.maximum(np.linalg.norm(voiceprints, axis=1, keepdims=True), 1e-9)
    speakers = voiceprints[: len(coverages)]
    changed = labels.copy()
    for (run, candidates), voiceprint in zip(contested, voiceprints[len(coverages) :], strict=True):
        similarity = speakers[candidates] @ voiceprint
        second, best = np.argsort(similarity)[-2:]
        if np.isfinite(similarity).all() and similarity[best] - similarity[second] >= settings.voiceprint_margin:
            changed[run] = candidates[best]
    return changed


def exclusive_speech(coverages: Sequence[Coverage]) -> list[list[Span]]:
    """Return, for each speaker, the longest spans without another speaker, up to ENROLMENT_SECONDS in total."""
    return [
        _longest(list(map(Span, (coverage.starts / 1000).tolist(), (coverage.ends / 1000).tolist())))
        for coverage in exclusive_coverages(coverages)
    ]


def _longest(spans: Sequence[Span]) -> list[Span]:
    """Return the longest spans, with the last one shortened to a total of at most ENROLMENT_SECONDS."""
    chosen: list[Span] = []
    remaining = ENROLMENT_SECONDS
    for span in sorted(spans, key=lambda span: (-span.duration, span)):
        if remaining > 0:
            chosen.append(Span(span.start, min(span.end, span.start + remaining)))
            remaining -= span.duration
    return chosen


def _contested(
    labels: Labels, uncertain: Flags, coverages: Sequence[Coverage], times: Times, settings: AttributionSettings
) -> Iterator[tuple[Labels, list[int]]]:
    """Yield word indices and candidate speakers of uncertain runs that are long enough and have several candidates."""
    for run in _runs(labels, uncertain, times, settings):
        if total(_spans(run, times)) >= settings.voiceprint_seconds:
            candidates = _candidates(run, coverages, times, settings.max_gap)
            if len(candidates) > 1:
                yield run, candidates


def _runs(labels: Labels, uncertain: Flags, times: Times, settings: AttributionSettings) -> list[Labels]:
    """Return the word indices of each run of uncertain words with the same speaker and no pause between them."""
    starts, ends = times
    paused = starts[1:] - ends[:-1] >= round(settings.breath * 1000)
    cuts = np.flatnonzero(paused | (labels[1:] != labels[:-1]) | (uncertain[1:] != uncertain[:-1])) + 1
    return [run for run in np.split(np.arange(len(labels)), cuts) if uncertain[run[0]]]


def _spans(run: Labels, times: Times) -> tuple[Span, ...]:
    """Return the time spans covered by the words of a run, without pauses after long words."""
    starts, ends = (each[run] / 1000 for each in times)
    return union(map(Span, starts.tolist(), ends.clip(max=starts + LONGEST_WORD).tolist()))


def _candidates(run: Labels, coverages: Sequence[Coverage], times: Times, max_gap: Seconds) -> list[int]:
    """Return the speakers who talk during a run or within `max_gap` of it."""
    starts, ends = (each[run] for each in times)
    gaps = [coverage.distance(starts, ends).min() for coverage in coverages]
    return [speaker for speaker, gap in enumerate(gaps) if gap <= max_gap * 1000]
