"""Lost words, latency and erasure of a live run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from meetscribe.evaluation import ErrorRate, wer
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word
from tests.benchmarks.live.outputs import Output, ShownWord

Normalize = Callable[[str], Sequence[str]]
"""Returns the words of a text as they are compared."""

_ANOTHER: Seconds = 1.5
"""The distance from the true end of a word beyond which a found word is another occurrence of the same text."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a run; they add up over recordings.

    `single` counts lost words between words that are there, `in_runs` lost words beside each other, in `runs` runs.
    `dropped` counts the lost words that have no other word in their place.
    `latencies` are seconds from the true end of a word to its commit. `final` is the number of committed words.
    """

    errors: ErrorRate
    single: int
    runs: int
    in_runs: int
    dropped: int
    latencies: tuple[Seconds, ...]
    erased: int
    changed: int
    final: int
    processor: Seconds
    duration: Seconds

    def __add__(self, other: Measures) -> Measures:
        return Measures(
            self.errors + other.errors,
            self.single + other.single,
            self.runs + other.runs,
            self.in_runs + other.in_runs,
            self.dropped + other.dropped,
            self.latencies + other.latencies,
            self.erased + other.erased,
            self.changed + other.changed,
            self.final + other.final,
            self.processor + other.processor,
            self.duration + other.duration,
        )

    def latency(self) -> tuple[Seconds, Seconds, Seconds, Seconds]:
        """Return the mean, the median, the 95th percentile and the maximum; NaN without words."""
        values = np.array(self.latencies or (np.nan,))
        median, late = np.percentile(values, (50, 95))
        return float(values.mean()), float(median), float(late), float(values.max())


def measure(
    reference: Sequence[Word], offline: Output, live: Output, duration: Seconds, normalize: Normalize
) -> Measures:
    """Return the measures of a live run, given the reference and the result of our offline run.

    A word is lost if the offline result has it as the reference does, and the live result does not have it at that
    place of the offline result: where people speak at once, the order of the words in the reference is one of many.
    """
    truth, owners = _tokens((word.text for word in reference), normalize)
    known, known_words = _shown_tokens(offline, normalize)
    shown, shown_words = _shown_tokens(live, normalize)
    ends = _ends([reference[owner] for owner in owners], known_words, matches(truth, known))
    in_offline = timed_matches(truth, ends, known, known_words)
    in_both = timed_matches(known, [word.end for word in known_words], shown, shown_words)
    lost = {place: at for place, at in in_offline.items() if at not in in_both}
    return Measures(
        wer(truth, shown),
        *lost_words(lost),
        dropped_words(in_both, lost.values(), len(known), len(shown)),
        _latencies(ends, timed_matches(truth, ends, shown, shown_words), shown_words),
        live.erased,
        live.changed,
        len(live.words),
        live.processor,
        duration,
    )


def _latencies(
    ends: Sequence[Seconds | None], pairs: Mapping[int, int], words: Sequence[ShownWord]
) -> tuple[Seconds, ...]:
    """Return the seconds from the true end of each word that was found to its commit."""
    known = ((end, words[at]) for place, at in pairs.items() if (end := ends[place]) is not None)
    return tuple(max(0.0, word.committed - end) for end, word in known)


def matches(reference: Sequence[str], found: Sequence[str]) -> dict[int, int]:
    """Return the place in `found` of each word of the reference that an alignment with the fewest edits has there."""
    edits = [edit for edit in Levenshtein.opcodes(reference, found) if edit.tag == "equal"]
    spans = [(range(e.src_start, e.src_end), range(e.dest_start, e.dest_end)) for e in edits]
    return {place: at for sources, targets in spans for place, at in zip(sources, targets, strict=True)}


def timed_matches(
    reference: Sequence[str], ends: Sequence[Seconds | None], found: Sequence[str], words: Sequence[ShownWord]
) -> dict[int, int]:
    """Return the place in `found` of each word of the reference, given the true ends and the times of the found words.

    Of the alignments with the fewest edits, it is the one that is nearest in time, then the one with the smallest
    delays: a word that is said twice and found once may be either. A word that a system places more than a second and a
    half away is another occurrence and no match.
    """
    costs = np.zeros((len(reference) + 1, len(found) + 1))
    costs[:, 0], costs[0, :] = np.arange(len(reference) + 1), np.arange(len(found) + 1)
    pairs = np.array(
        [
            [_pair_cost(word == other, end, shown) for other, shown in zip(found, words, strict=True)]
            for word, end in zip(reference, ends, strict=True)
        ]
    ).reshape(len(reference), len(found))
    for row in range(1, len(reference) + 1):
        for column in range(1, len(found) + 1):
            costs[row, column] = min(
                costs[row - 1, column - 1] + pairs[row - 1, column - 1],
                costs[row - 1, column] + 1,
                costs[row, column - 1] + 1,
            )
    return dict(_path(costs, pairs))


def _pair_cost(same: bool, end: Seconds | None, shown: ShownWord) -> float:
    """Return the edits for a pair of words, and less than one edit in total for its distance and delay."""
    if not same or (end is not None and shown.distance(end) > _ANOTHER):
        return 1.0
    return 0.0 if end is None else 1e-5 * shown.distance(end) + 1e-8 * min(abs(shown.committed - end), 60.0)


def _path(costs: npt.NDArray[np.float64], pairs: npt.NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Yield the places of equal words on the cheapest path through the costs of an alignment."""
    row, column = pairs.shape
    while row > 0 and column > 0:
        if costs[row, column] == costs[row - 1, column - 1] + pairs[row - 1, column - 1]:
            row, column = row - 1, column - 1
            if pairs[row, column] < 1:
                yield row, column
        elif costs[row, column] == costs[row - 1, column] + 1:
            row -= 1
        else:
            column -= 1


def lost_words(places: Iterable[int]) -> tuple[int, int, int]:
    """Return the number of single places, of runs of two or more, and of the places in those runs.

    >>> lost_words([3, 7, 8, 9, 20])
    (2, 1, 3)
    """
    numbered = enumerate(sorted(places))
    lengths = [len(list(group)) for _, group in groupby(numbered, key=lambda item: item[1] - item[0])]
    longer = [length for length in lengths if length > 1]
    return lengths.count(1), len(longer), sum(longer)


def dropped_words(pairs: Mapping[int, int], lost: Collection[int], known: int, found: int) -> int:
    """Return the number of lost words with no other word in their place.

    `pairs` are the places of the same words in a result of `known` words, in which the others are `lost`, and in one of
    `found` words.

    >>> dropped_words({0: 0, 3: 2, 5: 3}, [1, 2, 4], 6, 4)
    2
    """
    dropped, before = 0, (-1, -1)
    for pair in [*sorted(pairs.items()), (known, found)]:
        missing = (pair[0] - before[0]) - (pair[1] - before[1])
        dropped += min(max(0, missing), sum(1 for at in lost if before[0] < at < pair[0]))
        before = pair
    return dropped


def erasure(texts: Iterable[str]) -> int:
    """Return the number of words that were shown and replaced: each text replaces the one before it.

    >>> erasure(["the plane", "the plan is", "the plan is ready"])
    1
    """
    erased, before = 0, list[str]()
    for text in texts:
        words = text.split()
        kept = next((at for at, (old, new) in enumerate(zip(before, words, strict=False)) if old != new), None)
        erased += max(0, len(before) - (min(len(before), len(words)) if kept is None else kept))
        before = words
    return erased


def _tokens(texts: Iterable[str], normalize: Normalize) -> tuple[list[str], list[int]]:
    """Return the words as they are compared, and the index of the text that each comes from."""
    pairs = [(token, index) for index, text in enumerate(texts) for token in normalize(text)]
    return [token for token, _ in pairs], [index for _, index in pairs]


def _shown_tokens(output: Output, normalize: Normalize) -> tuple[list[str], list[ShownWord]]:
    """Return the words of an output as they are compared, and the word that each comes from."""
    tokens, owners = _tokens((word.text for word in output.words), normalize)
    return tokens, [output.words[owner] for owner in owners]


def _ends(
    reference: Sequence[Word], offline: Sequence[ShownWord], in_offline: Mapping[int, int]
) -> list[Seconds | None]:
    """Return the true end of each word of the reference; where it is unknown, that of the offline result or None."""
    ends: list[Seconds | None] = []
    for place, word in enumerate(reference):
        found = offline[in_offline[place]].end if place in in_offline else None
        ends.append(found if word.timing == "interpolated" else word.end)
    return ends
