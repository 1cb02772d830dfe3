"""Assignment of words to speakers by the turns around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.speech_time import (
    Coverage,
    Flags,
    Milliseconds,
    coverage_by_speaker,
    is_overlapped,
    to_milliseconds,
)
from meetscribe.attribution.viterbi import best_sequence
from meetscribe.attribution.voiceprint_check import EmbedSpans, reassign_by_voiceprint
from meetscribe.text.sentences import ends_sentence, is_capitalised
from meetscribe.timeline import Diarization, Seconds, Turn
from meetscribe.transcript import SpeakerSource, Word

Labels: TypeAlias = npt.NDArray[np.intp]
Evidence: TypeAlias = npt.NDArray[np.float64]
Costs: TypeAlias = npt.NDArray[np.float64]
Sources: TypeAlias = list[SpeakerSource | None]

TRUSTED_SOURCES = ("channel", "hint", "edit")
"""Sources of a speaker that turns do not override."""

MAX_FADE_DEPTH: Seconds = 10.0
"""Evidence fades up to this depth in a turn, so that long turns are not at a disadvantage."""

LAG_STEP: Seconds = 0.1
LAG_WORDS = 5000
"""Number of words from which the lag is estimated, in steps of LAG_STEP."""


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """Words with their times `(words,)`, and the speakers with the time that each covers."""

    words: Sequence[Word]
    starts: Milliseconds
    ends: Milliseconds
    speakers: list[str]
    coverages: list[Coverage]

    @classmethod
    def of(cls, words: Sequence[Word], diarization: Diarization) -> _Problem:
        """Use the exclusive turns only if there are no others: they were made without regard to the words."""
        covered = coverage_by_speaker(diarization.turns) or coverage_by_speaker(diarization.exclusive)
        return cls(words, *_times(words), list(covered), list(covered.values()))

    def shares(self, labels: Labels) -> list[float]:
        """Return the share of each word that its speaker covers, divided among all who cover it."""
        covered = np.stack([coverage.overlap(self.starts, self.ends) for coverage in self.coverages])
        shares = covered[labels, np.arange(len(labels))] / np.maximum(self.ends - self.starts, covered.sum(axis=0))
        return list(shares.tolist())


def assign(
    words: Sequence[Word],
    diarization: Diarization,
    settings: AttributionSettings,
    embed_spans: EmbedSpans | None = None,
) -> tuple[Word, ...]:
    """Return the words in the same order, each with its speaker, by `settings.method`.

    `embed_spans` is used for uncertain words if `settings.voiceprints` is on. `speaker_score` is the share of the word
    that its speaker covers, divided among all who cover it: 0.5 if two speakers cover all of it. A word is marked as
    overlap if at least two speakers talk simultaneously during at least half of it; a word without duration counts
    as one millisecond.
    """
    if not words:
        return ()
    problem = _Problem.of(words, diarization)
    if not problem.speakers:
        return tuple(_with_speaker(word, "", None, 0.0, False) for word in words)
    overlapped = is_overlapped(problem.coverages, problem.starts, problem.ends)
    labels, sources = _speakers(problem, overlapped, settings, embed_spans)
    speakers = [problem.speakers[label] for label in labels.tolist()]
    rows = zip(words, speakers, sources, problem.shares(labels), overlapped.tolist(), strict=True)
    return tuple(_with_speaker(*row) for row in rows)


def _speakers(
    problem: _Problem, overlapped: Flags, settings: AttributionSettings, embed_spans: EmbedSpans | None
) -> tuple[Labels, Sources]:
    """Return the speaker of each word and its source, by the method of the settings."""
    if settings.method != "viterbi":
        return _assign_by_overlap(problem)
    labels, sources = _assign_jointly(problem, settings)
    if embed_spans is None or not settings.voiceprints:
        return labels, sources
    return _check_voiceprints(problem, labels, sources, overlapped, settings, embed_spans)


def mark_overlap(words: Sequence[Word], turns: Iterable[Turn]) -> tuple[Word, ...]:
    """Return the words with `overlap` as `assign` sets it; a word that is already marked stays so."""
    starts, ends = _times(words)
    flags = is_overlapped(list(coverage_by_speaker(turns).values()), starts, ends).tolist()
    return tuple(replace(word, overlap=word.overlap or flag) for word, flag in zip(words, flags, strict=True))


def _times(words: Sequence[Word]) -> tuple[Milliseconds, Milliseconds]:
    """Return the starts and ends of the words `(words,)`, each word at least a millisecond long."""
    starts = to_milliseconds([word.start for word in words])
    return starts, np.maximum(to_milliseconds([word.end for word in words]), starts + 1)


def _assign_jointly(problem: _Problem, settings: AttributionSettings) -> tuple[Labels, Sources]:
    """Return the most likely sequence of speakers, and the source of each; None if no turn is near.

    A change of speaker within a clause costs more than the evidence of one or two words, so that a speaker whose
    turn begins or ends slightly off still begins and ends with the clause.
    """
    costs = change_costs(problem.words, problem.starts, problem.ends, settings)
    lag = estimate_lag(problem.coverages, problem.starts, costs, settings)
    evidence = speaker_evidence(problem.coverages, problem.starts, lag, settings)
    labels, _ = best_sequence(evidence, costs)
    index = np.arange(len(problem.words))
    gaps = np.stack([coverage.distance(problem.starts, problem.ends) for coverage in problem.coverages])
    sources = np.where(gaps[labels, index] > 0, "nearest", "turn").astype(object)
    sources[evidence[index, labels] < evidence.max(axis=1)] = "smoothed"
    sources[gaps.min(axis=0) > round(settings.max_gap * 1000)] = None
    return labels, sources.tolist()


def _check_voiceprints(
    problem: _Problem,
    labels: Labels,
    sources: Sources,
    overlapped: Flags,
    settings: AttributionSettings,
    embed_spans: EmbedSpans,
) -> tuple[Labels, Sources]:
    """Return the speakers and sources after uncertain words have been compared with voiceprints."""
    uncertain = _uncertain(problem.words, sources, overlapped)
    times = problem.starts, problem.ends
    changed = reassign_by_voiceprint(labels, uncertain, problem.coverages, times, settings, embed_spans)
    return changed, ["voice" if new else source for new, source in zip(changed != labels, sources, strict=True)]


def _uncertain(words: Sequence[Word], sources: Sources, overlapped: Flags) -> Flags:
    """Return which words have a speaker that no turn gives directly, or overlap with another speaker, `(words,)`."""
    indirect = np.array([source in ("smoothed", "nearest") for source in sources])
    reached = np.array([source is not None for source in sources])
    trusted = np.array([word.speaker is not None and word.speaker_source in TRUSTED_SOURCES for word in words])
    uncertain: Flags = (indirect | overlapped) & reached & ~trusted
    return uncertain


def estimate_lag(
    coverages: Sequence[Coverage], starts: Milliseconds, costs: Costs, settings: AttributionSettings
) -> Seconds:
    """Return by how many seconds the turns are later than the words: the lag with which they fit best.

    Word times and turns come from different models, which may differ by tenths of a second. The first LAG_WORDS words
    are used. The gain in evidence must exceed `settings.lag_cost` per second of lag.
    """
    steps = round(settings.max_lag / LAG_STEP)
    lags = [step * LAG_STEP for step in range(-steps, steps + 1)]

    def fit(lag: Seconds) -> float:
        evidence = speaker_evidence(coverages, starts[:LAG_WORDS], lag, settings)
        return best_sequence(evidence, costs[:LAG_WORDS])[1] - settings.lag_cost * abs(lag)

    return max(sorted(lags, key=abs), key=fit) if steps else 0.0


def speaker_evidence(
    coverages: Sequence[Coverage], starts: Milliseconds, lag: Seconds, settings: AttributionSettings
) -> Evidence:
    """Return the evidence for each speaker at each word, in seconds, `(words, speakers)`.

    A word is represented by a point shortly after its start, because aligners are least accurate at the ends of
    words. The evidence is the depth of this point in the speaker's turn, limited to `edge`, or its distance from the
    turn as a negative number, limited to `reach`. Within a turn the evidence fades slightly with the depth. Where two
    speakers overlap, this favours the one who has just begun or is about to end, so that the change can wait for a
    pause or the end of a sentence.
    """
    times = starts + round((settings.onset + lag) * 1000)
    depth = np.stack([coverage.depth(times) for coverage in coverages], axis=1) / 1000
    fading = settings.fade * np.clip(depth, 0, MAX_FADE_DEPTH)
    evidence: Evidence = np.clip(depth, -settings.reach, settings.edge) - fading
    return evidence


def change_costs(
    words: Sequence[Word], starts: Milliseconds, ends: Milliseconds, settings: AttributionSettings
) -> Costs:
    """Return the cost of a change of speaker before each word, in seconds of evidence, `(words,)`.

    A change is free after a pause, and where capitalisation shows that the word does not continue the sentence.
    """
    ended = np.array([False, *(ends_sentence(word.text) for word in words[:-1])])
    elsewhere = 1.0 if ended.any() else settings.unpunctuated_change
    costs = np.where(ended, settings.sentence_change, elsewhere) * settings.change
    if settings.case:
        costs[_interrupted(words, ended)] = 0.0
    costs[1:][starts[1:] - ends[:-1] >= round(settings.breath * 1000)] = 0.0
    return costs


def _interrupted(words: Sequence[Word], ended: Flags) -> Flags:
    """Return which words begin with a capital within a sentence, or a small letter after its end, `(words,)`.

    No word does if most capitals are within sentences, as in German, where all nouns have one.
    """
    cases = [is_capitalised(word.text) for word in words]
    capital, small = (np.array([case is wanted for case in cases]) for wanted in (True, False))
    if 2 * np.count_nonzero(capital & ended) <= np.count_nonzero(capital):
        return np.zeros(len(words), dtype=bool)
    interrupted: Flags = np.where(ended, small, capital)
    return interrupted


def _assign_by_overlap(problem: _Problem) -> tuple[Labels, Sources]:
    """Return for each word the speaker who covers most of it; at a tie the one whose turn began first.

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
