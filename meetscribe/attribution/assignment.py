"""Assignment of words to speakers by speaker turns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from meetscribe.attribution.evidence import change_costs, estimate_lag, speaker_evidence, word_evidence
from meetscribe.attribution.problem import Problem, word_times
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.speech_time import Flags, coverage_by_speaker, is_overlapped
from meetscribe.attribution.viterbi import Labels, best_sequence
from meetscribe.attribution.voiceprint_check import EmbedSpans, reassign_by_voiceprint
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import SpeakerSource, Word

Sources: TypeAlias = list[SpeakerSource | None]

TRUSTED_SOURCES = ("channel", "hint", "edit")
"""Speaker sources that turns do not override."""


def assign(
    words: Sequence[Word],
    diarization: Diarization,
    settings: AttributionSettings,
    embed_spans: EmbedSpans | None = None,
) -> tuple[Word, ...]:
    """Return the words in the same order, each with its speaker, by `settings.method`.

    `embed_spans` is used for uncertain words if `settings.voiceprints` is on. `speaker_score` is the share of the word
    that its speaker covers, divided among all speakers who cover it: 0.5 if two speakers cover all of it. `overlap` is
    set if several speakers talk simultaneously during at least half of the word; a word without duration counts as one
    millisecond.
    """
    if not words:
        return ()
    problem = Problem.of(words, diarization)
    if not problem.speakers:
        return tuple(_with_speaker(word, "", None, 0.0, False) for word in words)
    overlapped = is_overlapped(problem.coverages, problem.starts, problem.ends)
    labels, sources = _speakers(problem, overlapped, settings, embed_spans)
    speakers = [problem.speakers[label] for label in labels.tolist()]
    rows = zip(words, speakers, sources, problem.shares(labels), overlapped.tolist(), strict=True)
    return tuple(_with_speaker(*row) for row in rows)


def _speakers(
    problem: Problem, overlapped: Flags, settings: AttributionSettings, embed_spans: EmbedSpans | None
) -> tuple[Labels, Sources]:
    """Return the speaker of each word and its source, by the method of the settings."""
    if settings.method != "viterbi":
        return _assign_by_overlap(problem)
    labels, sources = _assign_jointly(problem, settings)
    if embed_spans is None or not settings.voiceprints:
        return labels, sources
    return _check_voiceprints(problem, labels, sources, overlapped, settings, embed_spans)


def mark_overlap(words: Sequence[Word], turns: Iterable[Turn]) -> tuple[Word, ...]:
    """Return the words with `overlap` set as by `assign`; words already marked stay marked."""
    starts, ends = word_times(words)
    flags = is_overlapped(list(coverage_by_speaker(turns).values()), starts, ends).tolist()
    return tuple(replace(word, overlap=word.overlap or flag) for word, flag in zip(words, flags, strict=True))


def _assign_jointly(problem: Problem, settings: AttributionSettings) -> tuple[Labels, Sources]:
    """Return the most likely sequence of speakers, and the source of each; None if no turn is near.

    A change of speaker costs less at the end of a sentence, and nothing after a pause or at an interruption; elsewhere
    it costs more than the evidence of a few words. So changes fall at these places even if a turn begins or ends
    slightly too early or too late.
    """
    costs = change_costs(problem, settings)
    lag = estimate_lag(problem, costs, settings)
    labels, _ = best_sequence(speaker_evidence(problem, costs, lag, settings), costs)
    index = np.arange(len(problem.words))
    gaps = np.stack([coverage.distance(problem.starts, problem.ends) for coverage in problem.coverages])
    sources = np.where(gaps[labels, index] > 0, "nearest", "turn").astype(object)
    evidence = word_evidence(problem, lag, settings)
    sources[evidence[index, labels] < evidence.max(axis=1)] = "smoothed"
    sources[gaps.min(axis=0) > round(settings.max_gap * 1000)] = None
    return labels, sources.tolist()


def _check_voiceprints(
    problem: Problem,
    labels: Labels,
    sources: Sources,
    overlapped: Flags,
    settings: AttributionSettings,
    embed_spans: EmbedSpans,
) -> tuple[Labels, Sources]:
    """Return the speakers and sources after comparing uncertain words with voiceprints."""
    uncertain = _uncertain(problem.words, sources, overlapped)
    times = problem.starts, problem.ends
    changed = reassign_by_voiceprint(labels, uncertain, problem.coverages, times, settings, embed_spans)
    return changed, ["voice" if new else source for new, source in zip(changed != labels, sources, strict=True)]


def _uncertain(words: Sequence[Word], sources: Sources, overlapped: Flags) -> Flags:
    """Return whether each word is uncertain, `(words,)`: not directly in a turn of its speaker, or overlapping."""
    indirect = np.array([source in ("smoothed", "nearest") for source in sources])
    reached = np.array([source is not None for source in sources])
    trusted = np.array([word.speaker is not None and word.speaker_source in TRUSTED_SOURCES for word in words])
    uncertain: Flags = (indirect | overlapped) & reached & ~trusted
    return uncertain


def _assign_by_overlap(problem: Problem) -> tuple[Labels, Sources]:
    """Return, for each word, the speaker who covers most of it; in a tie, the speaker whose turn began first.

    This is the rule of `whisperx.assign_word_speakers`.
    """
    overlaps = np.stack([coverage.overlap(problem.starts, problem.ends) for coverage in problem.coverages])
    turn_starts = np.stack([coverage.interval_start(problem.starts) for coverage in problem.coverages])
    labels = np.lexsort((turn_starts, -overlaps), axis=0)[0]
    return labels, ["turn" if covered else None for covered in (overlaps.max(axis=0) > 0).tolist()]


def _with_speaker(word: Word, speaker: str, source: SpeakerSource | None, share: float, overlap: bool) -> Word:
    """Return the word with its speaker; a speaker from a trusted source is kept."""
    if word.speaker is not None and word.speaker_source in TRUSTED_SOURCES:
        return word.attributed(word.speaker, word.speaker_score, word.speaker_source, overlap)
    if source is None:
        return word.attributed(None, None, None, overlap)
    return word.attributed(speaker, share, source, overlap)
