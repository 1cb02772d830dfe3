"""Errors of words and their speakers: cpWER, tcpWER and WDER."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from meetscribe.evaluation.metrics.edit_distance import align, distance, wer
from meetscribe.evaluation.metrics.error_rates import CpErrorRate, ErrorRate, WordDiarizationErrorRate
from meetscribe.evaluation.words import ScoredWord, texts
from meetscribe.timeline import Seconds
from meetscribe.transcript.label_matching import match_labels, optimal_pairs

TCP_COLLAR: Seconds = 5.0
"""The collar of the CHiME-8 challenge, in seconds."""

T = TypeVar("T")


def cpwer(reference: Mapping[str, Sequence[str]], hypothesis: Mapping[str, Sequence[str]]) -> CpErrorRate:
    """Return the word error rate over all speakers, matched one to one for the fewest errors.

    The words of each speaker must be normalized and in order of time. All words of an unmatched speaker are errors.
    "Concatenated minimum-permutation word error rate", Watanabe et al., CHiME-6 (2020).

    >>> rate = cpwer({"Ann": ["hi", "all"], "Bo": ["yes"]}, {"1": ["yes"], "2": ["hi"], "3": ["all"]})
    >>> print(rate, rate.assignment)
    66.7 % (2/3; 1 ins 1 del 0 sub) (('Ann', '2'), ('Bo', '1'), (None, '3'))
    """
    return _match(reference, hypothesis, distance, wer)


def tcpwer(
    reference: Mapping[str, Sequence[ScoredWord]],
    hypothesis: Mapping[str, Sequence[ScoredWord]],
    *,
    collar: Seconds = TCP_COLLAR,
) -> CpErrorRate:
    """Return the time-constrained `cpwer`: words match only if they are less than `collar` seconds apart.

    The middle of the hypothesis word must be inside the reference word, or less than `collar` seconds before its start
    or after its end, as in meeteval for words with times. von Neumann et al., CHiME workshop (2023). Raises ValueError
    for a negative collar.

    >>> ann = [ScoredWord("hi", "Ann", 0.0, 0.5)]
    >>> print(tcpwer({"Ann": ann}, {"1": [ScoredWord("hi", "1", 9.0, 9.5)]}))
    200.0 % (2/1; 1 ins 1 del 0 sub)
    """
    from meetscribe.evaluation.metrics.time_constrained import timed_wer  # imports numpy

    return _match(
        reference,
        hypothesis,
        lambda expected, found: distance(texts(expected), texts(found)),
        lambda expected, found: timed_wer(expected, found, collar),
    )


def wder(reference: Sequence[tuple[str, str]], hypothesis: Sequence[tuple[str, str]]) -> WordDiarizationErrorRate:
    """Return the share of aligned words, given as (word, speaker), with the wrong speaker.

    Words are aligned by edit distance, ignoring speakers. Then speakers are matched one to one for the fewest wrong
    words. Among alignments with equally few edits, any may be used. Shafey et al., Interspeech 2019.
    """
    pairs = align([word for word, _ in reference], [word for word, _ in hypothesis])
    shared = Counter((reference[expected][1], hypothesis[found][1]) for expected, found in pairs)
    correct = sum(shared[pair] for pair in match_labels(shared).items())
    return WordDiarizationErrorRate(wrong=len(pairs) - correct, aligned=len(pairs))


def _match(
    reference: Mapping[str, Sequence[T]],
    hypothesis: Mapping[str, Sequence[T]],
    lower_bound: Callable[[Sequence[T], Sequence[T]], int],
    count: Callable[[Sequence[T], Sequence[T]], ErrorRate],
) -> CpErrorRate:
    """Return the errors by `count` over all speakers, matched for the fewest errors.

    `lower_bound` is cheap and never exceeds the errors. Only pairs of the current best match are counted exactly; the
    match is optimal once all of its pairs have been counted.
    """
    size = max(len(reference), len(hypothesis))
    expected, found = _padded(reference, size), _padded(hypothesis, size)
    table = [[lower_bound(words, others) for _, others in found] for _, words in expected]
    rates: dict[tuple[int, int], ErrorRate] = {}
    pairs = optimal_pairs(table)
    while not rates.keys() >= set(pairs):
        for row, column in set(pairs) - rates.keys():
            rates[row, column] = count(expected[row][1], found[column][1])
            table[row][column] = rates[row, column].errors
        pairs = optimal_pairs(table)
    rate = sum((rates[pair] for pair in pairs), ErrorRate.zero())
    return CpErrorRate(
        rate.errors,
        rate.length,
        rate.insertions,
        rate.deletions,
        rate.substitutions,
        assignment=tuple((expected[row][0], found[column][0]) for row, column in pairs),
    )


def _padded(streams: Mapping[str, Sequence[T]], size: int) -> list[tuple[str | None, Sequence[T]]]:
    """Return the speakers with their words, padded to `size` with speakers without words."""
    return [*streams.items(), *[(None, ())] * (size - len(streams))]
