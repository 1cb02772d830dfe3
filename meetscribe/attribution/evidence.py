"""The evidence of each word for each speaker, and the cost of a change of speaker between two words."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.attribution.problem import Problem
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.speech_time import Flags
from meetscribe.attribution.viterbi import best_sequence
from meetscribe.text.sentences import is_capitalised
from meetscribe.timeline import Seconds

Evidence: TypeAlias = npt.NDArray[np.float64]
Costs: TypeAlias = npt.NDArray[np.float64]

MAX_FADE_DEPTH: Seconds = 10.0
"""The depth in a turn up to which evidence fades, so that long turns are not at a disadvantage."""

LONGEST_WORD_MS = 500
"""The part of a word beyond this may be the pause after it, and is no evidence for a speaker; chosen by hand."""

LAG_STEP: Seconds = 0.1
"""The difference between two lags that are tried."""

LAG_WORDS = 5000
"""The number of words used to estimate the lag."""


def speaker_evidence(problem: Problem, costs: Costs, lag: Seconds, settings: AttributionSettings) -> Evidence:
    """Return the evidence of each word and its sentence for each speaker, in seconds, `(words, speakers)`.

    `lag` is the delay of the turns relative to the words, in seconds; `costs` is the result of `change_costs`.
    """
    return word_evidence(problem, lag, settings) + _sentence_evidence(problem, costs, lag, settings)


def word_evidence(problem: Problem, lag: Seconds, settings: AttributionSettings) -> Evidence:
    """Return the evidence of each word for each speaker, in seconds, `(words, speakers)`.

    A word is represented by a point shortly after its start, because aligners are least accurate at the ends of words.
    The evidence is the depth of the point in the speaker's turn (the distance to its nearer end), or its negative
    distance from the turn, limited to `edge`. It fades slightly with the depth. If two turns overlap, this favours
    the turn whose start or end is nearer, such as a short turn within a long one.
    """
    times = problem.starts + round((settings.onset + lag) * 1000)
    depth = np.stack([coverage.depth(times) for coverage in problem.coverages], axis=1) / 1000
    fading = settings.fade * np.clip(depth, 0, MAX_FADE_DEPTH)
    evidence: Evidence = np.clip(depth, -settings.edge, settings.edge) - fading
    return evidence


def _sentence_evidence(problem: Problem, costs: Costs, lag: Seconds, settings: AttributionSettings) -> Evidence:
    """Return the evidence of the sentence of each word, divided equally among its words, `(words, speakers)`.

    It is the share of the sentence that only this speaker covers, times `settings.sentence_evidence`. Even a short
    sentence in a turn without overlap outweighs the costs of the changes at both of its ends. A pause or an
    interruption, where a change is free, also ends a sentence.
    """
    sentence = np.cumsum(problem.follows_end | (costs <= 0))
    starts = problem.starts + round(lag * 1000)
    ends = starts + np.minimum(problem.ends - problem.starts, LONGEST_WORD_MS)
    spoken = np.bincount(sentence, ends - starts)
    alone = [np.bincount(sentence, coverage.overlap(starts, ends)) for coverage in problem.exclusive]
    shares = np.stack(alone, axis=1) / np.maximum(spoken * np.bincount(sentence), 1)[:, None]
    evidence: Evidence = settings.sentence_evidence * shares[sentence]
    return evidence


def estimate_lag(problem: Problem, costs: Costs, settings: AttributionSettings) -> Seconds:
    """Return the best-fitting delay of the turns relative to the words, in seconds.

    Word times and turns come from different models, which may differ by tenths of a second. The first LAG_WORDS words
    are used. The gain in evidence must exceed `settings.lag_cost` per second of lag. A change at the end of a sentence
    is free here: otherwise, a lag that moves short replies into the next turn would gain by saving changes.
    """
    steps = round(settings.max_lag / LAG_STEP)
    lags = [step * LAG_STEP for step in range(-steps, steps + 1)]
    first = problem.first(LAG_WORDS)
    relaxed = np.where(first.follows_end, 0.0, costs[:LAG_WORDS])

    def fit(lag: Seconds) -> float:
        return best_sequence(speaker_evidence(first, relaxed, lag, settings), relaxed)[1] - settings.lag_cost * abs(lag)

    return max(sorted(lags, key=abs), key=fit) if steps else 0.0  # of lags that fit equally well, the shortest


def change_costs(problem: Problem, settings: AttributionSettings) -> Costs:
    """Return the cost of a change of speaker before each word, in seconds of evidence, `(words,)`.

    A change is cheaper at the end of a sentence, or everywhere if no word ends a sentence. It is free after a pause,
    and where capitalisation shows an interruption.
    """
    cheaper = problem.follows_end if problem.follows_end.any() else np.ones(len(problem.words), dtype=bool)
    costs = np.where(cheaper, settings.sentence_change, 1.0) * settings.change
    if settings.case:
        costs[_interrupted(problem)] = 0.0
    costs[1:][problem.starts[1:] - problem.ends[:-1] >= round(settings.breath * 1000)] = 0.0
    return costs


def _interrupted(problem: Problem) -> Flags:
    """Return whether each word is capitalised within a sentence, or lower case after the end of one, `(words,)`.

    All are false if most capitalised words are within sentences, as in German, where all nouns are capitalised.
    """
    cases = [is_capitalised(word.text) for word in problem.words]  # None if undecidable, which is neither
    capital, lower = (np.array([case is wanted for case in cases]) for wanted in (True, False))
    begins = problem.follows_end.copy()
    begins[:1] = True
    if 2 * np.count_nonzero(capital & begins) <= np.count_nonzero(capital):
        return np.zeros(len(cases), dtype=bool)
    interrupted: Flags = np.where(problem.follows_end, lower, capital)
    return interrupted
