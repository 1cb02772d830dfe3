"""Which speaker says each word, by the turns around it; where segments end is in cutting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.speech_time import Coverage, by_speaker, crowded, millis
from meetscribe.attribution.viterbi import best_sequence
from meetscribe.attribution.voiceprint_check import Voices, listen_again
from meetscribe.text.sentences import ends_sentence, is_capitalised
from meetscribe.timeline import Diarization, Seconds, Turn
from meetscribe.transcript import SpeakerSource, Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.attribution.speech_time import Flags, Millis

    Labels: TypeAlias = npt.NDArray[np.intp]
    Evidence: TypeAlias = npt.NDArray[np.float64]
    Costs: TypeAlias = npt.NDArray[np.float64]

KEPT = ("channel", "hint", "edit")
"""Sources of a speaker that know more than a turn does."""

FADES: Seconds = 10.0
"""Deeper in a turn than this, evidence fades no more: a long turn is no less its speaker's."""

LAG_STEP: Seconds = 0.1
SAMPLE = 5000
"""Lags are tried in steps of a tenth of a second, on so many words."""


def assign(
    words: Sequence[Word], diarization: Diarization, settings: AttributionSettings, voices: Voices | None = None
) -> tuple[Word, ...]:
    """The words in the same order, each with its speaker, by `settings.method`, and by `voices` where that is in doubt.

    The exclusive turns are looked at only if there are no others: they have settled already who is meant
    where two people talk, without knowing the words. `speaker_score` is the share of the word that its speaker
    covers, less where others cover it too: half of it where two do, whoever they are. A word counts as overlap if
    at least two speakers talk at the same time during at least half of it; one without duration is looked at as
    one of a millisecond.
    """
    import numpy as np

    if not words:
        return ()
    starts = millis([word.start for word in words])
    ends = np.maximum(millis([word.end for word in words]), starts + 1)
    covered = by_speaker(diarization.turns) or by_speaker(diarization.exclusive)
    names, coverages = list(covered), list(covered.values())
    if not names:
        return tuple(_labelled(word, "", None, 0.0, False) for word in words)
    overlapped = crowded(coverages, starts, ends)
    if settings.method == "viterbi":
        labels, sources = _together(words, coverages, starts, ends, settings)
        if voices is not None and settings.voice:
            doubted = _doubted(words, sources, overlapped)
            changed = listen_again(labels, doubted, coverages, (starts, ends), settings, voices)
            sources = ["voice" if other else source for other, source in zip(changed != labels, sources, strict=True)]
            labels = changed
    else:
        labels, sources = _one_by_one(coverages, starts, ends)
    spoken = np.stack([cover.overlap(starts, ends) for cover in coverages])
    shares = spoken[labels, np.arange(len(words))] / np.maximum(ends - starts, spoken.sum(axis=0))
    return tuple(
        _labelled(word, names[label], source, share, overlap)
        for word, label, source, share, overlap in zip(
            words, labels.tolist(), sources, shares.tolist(), overlapped.tolist(), strict=True
        )
    )


def mark_overlap(words: Sequence[Word], turns: Iterable[Turn]) -> tuple[Word, ...]:
    """The words with `overlap` as `assign` would set it; one that had it keeps it."""
    import numpy as np

    starts = millis([word.start for word in words])
    ends = np.maximum(millis([word.end for word in words]), starts + 1)
    flags = crowded(list(by_speaker(turns).values()), starts, ends).tolist()
    return tuple(replace(word, overlap=word.overlap or flag) for word, flag in zip(words, flags, strict=True))


def _together(
    words: Sequence[Word], coverages: Sequence[Coverage], starts: Millis, ends: Millis, settings: AttributionSettings
) -> tuple[Labels, list[SpeakerSource | None]]:
    """The speakers of all words decided at once, and why; None for what is out of everybody's reach.

    A change of speaker within a clause costs more than a word or two can have evidence for it, so that a turn
    whose edge is a little off begins and ends with the clause nevertheless.
    """
    import numpy as np

    costs = price_changes(words, starts, ends, settings)
    lag = find_lag(coverages, starts, costs, settings)
    evidence = weigh(coverages, starts, lag, settings)
    labels, _ = best_sequence(evidence, costs)
    index = np.arange(len(words))
    gaps = np.stack([cover.distance(starts, ends) for cover in coverages])
    sources = np.where(gaps[labels, index] > 0, "nearest", "turn").astype(object)
    sources[evidence[index, labels] < evidence.max(axis=1)] = "smoothed"
    sources[gaps.min(axis=0) > round(settings.max_gap * 1000)] = None
    return labels, sources.tolist()


def _doubted(words: Sequence[Word], sources: Sequence[SpeakerSource | None], overlapped: Flags) -> Flags:
    """Which words have a speaker that no turn says outright, or that another talks over, `(words,)`."""
    import numpy as np

    unsure = np.array([source in ("smoothed", "nearest") for source in sources])
    reached = np.array([source is not None for source in sources])
    known = np.array([word.speaker is not None and word.speaker_source in KEPT for word in words])
    doubted: Flags = (unsure | overlapped) & reached & ~known
    return doubted


def find_lag(coverages: Sequence[Coverage], starts: Millis, costs: Costs, settings: AttributionSettings) -> Seconds:
    """How much later than the words the turns are, in seconds: where the two fit best.

    Who finds words and who finds turns need not agree to the tenth of a second on when somebody begins. The
    first SAMPLE words tell, if they are enough to outweigh `settings.lag_cost`.
    """
    steps = round(settings.max_lag / LAG_STEP)
    lags = [step * LAG_STEP for step in range(-steps, steps + 1)]

    def fit(lag: Seconds) -> float:
        evidence = weigh(coverages, starts[:SAMPLE], lag, settings)
        return best_sequence(evidence, costs[:SAMPLE])[1] - settings.lag_cost * abs(lag)

    return max(sorted(lags, key=abs), key=fit) if steps else 0.0


def weigh(coverages: Sequence[Coverage], starts: Millis, lag: Seconds, settings: AttributionSettings) -> Evidence:
    """What speaks for each speaker at each word, in seconds, `(words, speakers)`.

    A word is looked at shortly after its start: ends are what aligners get wrong. How deep that point lies in
    the speaker's turn, or how far outside, is the evidence, up to `edge` and down to `reach`. Beyond the edge
    it fades a little, so that where two people talk at once, it is for the one who has just begun, or is about
    to finish, and the change between them can wait for a pause or the end of a sentence.
    """
    import numpy as np

    times = starts + round((settings.onset + lag) * 1000)
    depth = np.stack([cover.depth(times) for cover in coverages], axis=1) / 1000
    evidence: Evidence = np.clip(depth, -settings.reach, settings.edge) - settings.fade * np.clip(depth, 0, FADES)
    return evidence


def price_changes(words: Sequence[Word], starts: Millis, ends: Millis, settings: AttributionSettings) -> Costs:
    """What it costs, in seconds of evidence, that a word has another speaker than the one before it, `(words,)`.

    Nothing after a pause, nor where capital letters say that the word does not go on with what was said.
    """
    import numpy as np

    ended = np.array([False, *(ends_sentence(word.text) for word in words[:-1])])
    elsewhere = 1.0 if ended.any() else settings.unpunctuated_change
    costs = np.where(ended, settings.sentence_change, elsewhere) * settings.change
    if settings.case:
        costs[_broken_off(words, ended)] = 0.0
    costs[1:][starts[1:] - ends[:-1] >= round(settings.breath * 1000)] = 0.0
    return costs


def _broken_off(words: Sequence[Word], ended: Flags) -> Flags:
    """Which words begin a sentence before the last one ended, or go on after it has, by their first letter, `(words,)`.

    None do where most capitals stand within sentences, as those of German nouns: there they tell nothing.
    """
    import numpy as np

    cases = [is_capitalised(word.text) for word in words]
    capital, small = (np.array([case is wanted for case in cases]) for wanted in (True, False))
    if 2 * np.count_nonzero(capital & ended) <= np.count_nonzero(capital):
        return np.zeros(len(words), dtype=bool)
    broken: Flags = np.where(ended, small, capital)
    return broken


def _one_by_one(
    coverages: Sequence[Coverage], starts: Millis, ends: Millis
) -> tuple[Labels, list[SpeakerSource | None]]:
    """For each word whoever covers most of it, at a tie whose turn began first: whisperx.assign_word_speakers."""
    import numpy as np

    overlaps = np.stack([cover.overlap(starts, ends) for cover in coverages])
    begun = np.stack([cover.begun(starts) for cover in coverages])
    labels = np.lexsort((begun, -overlaps), axis=0)[0]
    return labels, ["turn" if covered else None for covered in (overlaps.max(axis=0) > 0).tolist()]


def _labelled(word: Word, speaker: str, source: SpeakerSource | None, share: float, overlap: bool) -> Word:
    """The word with its speaker, unless a source that knows more has named one before."""
    if word.speaker is not None and word.speaker_source in KEPT:
        return word.attributed(word.speaker, word.speaker_score, word.speaker_source, overlap)
    if source is None:
        return word.attributed(None, None, None, overlap)
    return word.attributed(speaker, share, source, overlap)
