"""The words to score: normalized text, speaker and times, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from rapidfuzz.distance import Levenshtein

from meetscribe.evaluation.normalization import NORMALIZATIONS, Normalization, Normalizer
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript, Word

UNKNOWN_SPEAKER: Final = ""
"""The label of words without a speaker, which are scored as an additional speaker; no speaker can have this label."""

BASIC: Final = NORMALIZATIONS["basic"]


class ScoredWord(NamedTuple):
    """A normalized word with its speaker and times, and its source word in the transcript."""

    text: str
    speaker: str
    start: Seconds
    end: Seconds
    word: Word | None = None


def scored_utterances(transcript: Transcript, normalization: Normalization = BASIC) -> list[list[ScoredWord]]:
    """Return the normalized words of each segment, split where the speaker changes, in order of their starts.

    Utterances without words after normalization are left out. Edits of the transcript are applied, so two labels with
    the same name are one speaker.
    """
    normalizer = _cached(normalization)
    normalized = _in_context if normalization.in_context else _word_by_word
    utterances = (
        [
            ScoredWord(text, name or UNKNOWN_SPEAKER, word.start, word.end, word)
            for text, word in normalized(run, normalizer)
        ]
        for segment in transcript.edited().segments
        for name, run in ((name, list(run)) for name, run in groupby(segment.words, key=lambda word: word.speaker))
    )
    return sorted(filter(None, utterances), key=lambda words: words[0].start)


def scored_words(transcript: Transcript, normalization: Normalization = BASIC) -> list[ScoredWord]:
    """Return the normalized words of all speakers in order of their starts, for `wer` and `wder`."""
    return in_order(scored_utterances(transcript, normalization))


def in_order(utterances: Iterable[Sequence[ScoredWord]]) -> list[ScoredWord]:
    """Return the words of all utterances in order of their starts."""
    return sorted((word for words in utterances for word in words), key=lambda word: word.start)


def words_by_speaker(words: Iterable[ScoredWord]) -> dict[str, list[ScoredWord]]:
    """Return the words of each speaker in the given order, for `cpwer` and `tcpwer`."""
    streams: dict[str, list[ScoredWord]] = {}
    for word in words:
        streams.setdefault(word.speaker, []).append(word)
    return streams


def texts(words: Iterable[ScoredWord]) -> list[str]:
    """Return the texts of the words."""
    return [word.text for word in words]


@lru_cache(maxsize=4)
def _cached(normalization: Normalization) -> Normalizer:
    """Return the normalizer of a normalization with a cache, since most words occur many times."""
    return lru_cache(maxsize=1 << 16)(normalization.normalizer)


def _word_by_word(words: Sequence[Word], normalizer: Normalizer) -> Iterator[tuple[str, Word]]:
    return ((text, word) for word in words for text in normalizer(word.text))


def _in_context(words: Sequence[Word], normalizer: Normalizer) -> Iterator[tuple[str, Word]]:
    """Yield the words of the normalized text, each with a source word.

    The normalized text is aligned with the words normalized one by one. The two differ where context matters, for
    example for "twenty one", which becomes 21. There, the sources are taken in order, and surplus normalized words have
    the last source; without any source, they have the previous one.
    """
    separate = list(_word_by_word(words, normalizer))
    joined = normalizer(" ".join(word.text for word in words))
    previous = words[0]
    for edit in Levenshtein.opcodes([text for text, _ in separate], joined):
        sources = [word for _, word in separate[edit.src_start : edit.src_end]] or [previous]
        for index, text in enumerate(joined[edit.dest_start : edit.dest_end]):
            yield text, sources[min(index, len(sources) - 1)]
        previous = sources[-1]
