"""Whether the right speaker got the words, at the right time if that is asked: cpWER, tcpWER and WDER."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from meetscribe.evaluation.rates import CpErrorRate, ErrorRate, WordDiarizationErrorRate
from meetscribe.evaluation.spoken import Spoken, texts
from meetscribe.evaluation.timed import timed_wer
from meetscribe.evaluation.words import align, distance, wer
from meetscribe.timeline import Seconds
from meetscribe.transcript.label_matching import match_labels, optimal_pairs

TCP_COLLAR: Seconds = 5.0
"""How far, by the rules of the CHiME-8 challenge, a word may be from the one it stands for."""

T = TypeVar("T")


def cpwer(reference: Mapping[str, Sequence[str]], hypothesis: Mapping[str, Sequence[str]]) -> CpErrorRate:
    """The word error rate over all speakers, matched one to one so that the errors are fewest.

    Each speaker's words stand in order of time, normalised. Words of a speaker without a match are all
    errors. "Concatenated minimum-permutation word error rate", Watanabe et al., CHiME-6 (2020).

    >>> rate = cpwer({"Ann": ["hi", "all"], "Bo": ["yes"]}, {"1": ["yes"], "2": ["hi"], "3": ["all"]})
    >>> print(rate, rate.assignment)
    66.7 % (2/3; 1 ins 1 del 0 sub) (('Ann', '2'), ('Bo', '1'), (None, '3'))
    """
    return _match(reference, hypothesis, distance, wer)


def tcpwer(
    reference: Mapping[str, Sequence[Spoken]],
    hypothesis: Mapping[str, Sequence[Spoken]],
    *,
    collar: Seconds = TCP_COLLAR,
) -> CpErrorRate:
    """The `cpwer` where a word may stand for another only if they are said within `collar` seconds.

    That is, the middle of the hypothesis's word lies less than `collar` before the reference's word, or after
    it: as meeteval has it for words with times of their own. Neumann et al., CHiME workshop (2023).

    >>> ann = [Spoken("hi", "Ann", 0.0, 0.5)]
    >>> print(tcpwer({"Ann": ann}, {"1": [Spoken("hi", "1", 9.0, 9.5)]}))
    200.0 % (2/1; 1 ins 1 del 0 sub)
    """
    return _match(
        reference,
        hypothesis,
        lambda spoken, found: distance(texts(spoken), texts(found)),
        lambda spoken, found: timed_wer(spoken, found, collar),
    )


def wder(reference: Sequence[tuple[str, str]], hypothesis: Sequence[tuple[str, str]]) -> WordDiarizationErrorRate:
    """Of the aligned words of two lists of (word, speaker), those with the wrong speaker.

    The words are aligned by edit distance, whoever says them; speakers are then matched one to one so that
    fewest words are wrong. Of equally short alignments any may be taken. Shafey et al., Interspeech 2019.
    """
    pairs = align([word for word, _ in reference], [word for word, _ in hypothesis])
    shared = Counter((reference[spoken][1], hypothesis[found][1]) for spoken, found in pairs)
    right = sum(shared[pair] for pair in match_labels(shared).items())
    return WordDiarizationErrorRate(wrong=len(pairs) - right, aligned=len(pairs))


def _match(
    reference: Mapping[str, Sequence[T]],
    hypothesis: Mapping[str, Sequence[T]],
    least: Callable[[Sequence[T], Sequence[T]], int],
    count: Callable[[Sequence[T], Sequence[T]], ErrorRate],
) -> CpErrorRate:
    """The errors of all speakers by `count`, matched so that they are fewest.

    `least` is a number that they are not below, and cheap: only pairs that may belong to the best match are
    counted, and the match is the best once all of its pairs are.
    """
    size = max(len(reference), len(hypothesis))
    spoken, found = _padded(reference, size), _padded(hypothesis, size)
    table = [[least(words, others) for _, others in found] for _, words in spoken]
    rates: dict[tuple[int, int], ErrorRate] = {}
    pairs = optimal_pairs(table)
    while not rates.keys() >= set(pairs):
        for row, column in set(pairs) - rates.keys():
            rates[row, column] = count(spoken[row][1], found[column][1])
            table[row][column] = rates[row, column].errors
        pairs = optimal_pairs(table)
    rate = sum((rates[pair] for pair in pairs), ErrorRate.zero())
    return CpErrorRate(
        rate.errors,
        rate.length,
        rate.insertions,
        rate.deletions,
        rate.substitutions,
        assignment=tuple((spoken[row][0], found[column][0]) for row, column in pairs),
    )


def _padded(streams: Mapping[str, Sequence[T]], size: int) -> list[tuple[str | None, Sequence[T]]]:
    """The speakers with their words, filled up to `size` with speakers who say nothing."""
    return [*streams.items(), *[(None, ())] * (size - len(streams))]
