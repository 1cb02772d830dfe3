"""Whether the right speaker got the words: cpWER and WDER; the times of turns are not looked at here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from meetscribe.evaluation.matching import assign, match_labels
from meetscribe.evaluation.normalization import normalize
from meetscribe.evaluation.rates import CpErrorRate, ErrorRate, WordDiarizationErrorRate
from meetscribe.evaluation.words import align, distance, wer
from meetscribe.transcript import Transcript

UNNAMED: Final = ""
"""The label, which no speaker can have, of words whose speaker is not known: scored as one speaker more."""


def cpwer(reference: Mapping[str, Sequence[str]], hypothesis: Mapping[str, Sequence[str]]) -> CpErrorRate:
    """The word error rate over all speakers, matched one to one so that the errors are fewest.

    Each speaker's words stand in order of time, normalised. Words of a speaker without a match are all
    errors. "Concatenated minimum-permutation word error rate", Watanabe et al., CHiME-6 (2020).

    >>> rate = cpwer({"Ann": ["hi", "all"], "Bo": ["yes"]}, {"1": ["yes"], "2": ["hi"], "3": ["all"]})
    >>> print(rate, rate.assignment)
    66.7 % (2/3; 1 ins 1 del 0 sub) (('Ann', '2'), ('Bo', '1'), (None, '3'))
    """
    size = max(len(reference), len(hypothesis))
    spoken, found = _padded(reference, size), _padded(hypothesis, size)
    pairs = assign([[distance(words, others) for _, others in found] for _, words in spoken])
    rate = sum((wer(spoken[row][1], found[column][1]) for row, column in pairs), ErrorRate.zero())
    return CpErrorRate(
        rate.errors,
        rate.length,
        rate.insertions,
        rate.deletions,
        rate.substitutions,
        assignment=tuple((spoken[row][0], found[column][0]) for row, column in pairs),
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


def spoken_words(transcript: Transcript, normalizer: Callable[[str], list[str]] = normalize) -> list[tuple[str, str]]:
    """The normalised (word, speaker) pairs in order of their start, as `wder` compares them."""
    return [
        (part, UNNAMED if word.speaker is None else word.speaker)
        for word in sorted(transcript.words, key=lambda word: word.start)
        for part in normalizer(word.text)
    ]


def words_by_speaker(
    transcript: Transcript, normalizer: Callable[[str], list[str]] = normalize
) -> dict[str, list[str]]:
    """The normalised words of each speaker in order of their start, as `cpwer` compares them."""
    streams: dict[str, list[str]] = {}
    for word, speaker in spoken_words(transcript, normalizer):
        streams.setdefault(speaker, []).append(word)
    return streams


def _padded(streams: Mapping[str, Sequence[str]], size: int) -> list[tuple[str | None, Sequence[str]]]:
    """The speakers with their words, filled up to `size` with speakers who say nothing."""
    return [*streams.items(), *[(None, ())] * (size - len(streams))]
