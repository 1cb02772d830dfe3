"""The words of a transcript as they are compared: normalised, in order of time, with who says them and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from rapidfuzz.distance import Levenshtein

from meetscribe.evaluation.normalization import NORMALIZATIONS, Normalization, Normalizer
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript, Word

UNNAMED: Final = ""
"""The label, which no speaker can have, of words whose speaker is not known: scored as one speaker more."""

BASIC: Final = NORMALIZATIONS["basic"]


class Spoken(NamedTuple):
    """A normalised word, the name of its speaker, when it is said, and the transcript's word that it is made of."""

    text: str
    speaker: str
    start: Seconds
    end: Seconds
    word: Word | None = None


def utterances_of(transcript: Transcript, normalization: Normalization = BASIC) -> list[list[Spoken]]:
    """The words of each segment, cut where its speaker changes, in order of the starts; silent ones are left out.

    Speakers are those that the transcript shows, its corrections made: two labels of one name are one speaker.
    """
    once = _kept(normalization)
    runs = [
        (name or UNNAMED, list(run))
        for segment in transcript.edited().segments
        for name, run in groupby(segment.words, key=lambda word: word.speaker)
    ]
    spoken = (
        [
            Spoken(text, name, word.start, word.end, word)
            for text, word in (_in_context(run, once) if normalization.in_context else _one_by_one(run, once))
        ]
        for name, run in runs
    )
    return sorted(filter(None, spoken), key=lambda words: words[0].start)


def spoken_words(transcript: Transcript, normalization: Normalization = BASIC) -> list[Spoken]:
    """The words in order of their start, whoever says them, as `wer` and `wder` compare them."""
    return in_order(utterances_of(transcript, normalization))


def in_order(utterances: Iterable[Sequence[Spoken]]) -> list[Spoken]:
    """The words of all utterances in order of their start."""
    return sorted((word for words in utterances for word in words), key=lambda word: word.start)


def words_by_speaker(words: Iterable[Spoken]) -> dict[str, list[Spoken]]:
    """The words of each speaker in the order given, as `cpwer` and `tcpwer` compare them."""
    streams: dict[str, list[Spoken]] = {}
    for word in words:
        streams.setdefault(word.speaker, []).append(word)
    return streams


def texts(words: Iterable[Spoken]) -> list[str]:
    """What is said, without who says it and when."""
    return [word.text for word in words]


@lru_cache(maxsize=4)
def _kept(normalization: Normalization) -> Normalizer:
    """What normalises each text once: most words come again and again, in all recordings."""
    return lru_cache(maxsize=1 << 16)(normalization.normalizer)


def _one_by_one(words: Sequence[Word], normalizer: Normalizer) -> Iterator[tuple[str, Word]]:
    return ((text, word) for word in words for text in normalizer(word.text))


def _in_context(words: Sequence[Word], normalizer: Normalizer) -> Iterator[tuple[str, Word]]:
    """The words of the whole text, each with the first of the transcript's words that it may be made of.

    Normalised one by one the words come out much the same: where they do not ("twenty one" is 21), the two are
    aligned.
    """
    alone = list(_one_by_one(words, normalizer))
    together = normalizer(" ".join(word.text for word in words))
    before = words[0]
    for edit in Levenshtein.opcodes([text for text, _ in alone], together):
        own = [word for _, word in alone[edit.src_start : edit.src_end]] or [before]
        for place, text in enumerate(together[edit.dest_start : edit.dest_end]):
            yield text, own[min(place, len(own) - 1)]
        before = own[-1]
