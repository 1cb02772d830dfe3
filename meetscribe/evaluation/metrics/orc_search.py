"""A* search (Hart, Nilsson and Raphael 1968) for the assignment of ORC-WER, for long recordings with few errors.

A state is the number of assigned utterances and the number of consumed words of each stream. The heuristic is a lower
bound: the number of remaining edits if word order is ignored.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.evaluation.metrics.edit_rows import Mismatches, append_words, mismatches

Counts: TypeAlias = npt.NDArray[np.int32]

Positions: TypeAlias = tuple[int, ...]
"""The number of consumed words of each stream."""

MAX_STATES = 3000
"""The maximum number of expanded states, chosen by hand: about one second of search."""

MAX_WORDS = 1000
"""The maximum number of words on each side; limits the memory for word counts."""


def search_assignment(
    utterances: Sequence[Sequence[str]], streams: Sequence[Sequence[str]], max_states: int = MAX_STATES
) -> list[int] | None:
    """Return the stream index of each utterance in an assignment with the fewest edits.

    Utterances and streams must not be empty. The result is None for more than MAX_WORDS words on either side, or if the
    search expands `max_states` states without reaching the end.
    """
    if max(sum(map(len, utterances)), sum(map(len, streams))) > MAX_WORDS:
        return None
    problem = _Problem(utterances, streams)
    start = (0,) * len(streams)
    # The number of assigned utterances is negated, so that the heap prefers more of them among equal lower bounds.
    queue = [(0, 0, 0, start)]  # lower bound of all edits, negated number of assigned utterances, edits, positions
    # By negated number of assigned utterances and positions: edits, previous positions, stream of the last utterance.
    best: dict[tuple[int, Positions], tuple[int, Positions, int]] = {}
    expanded: set[tuple[int, Positions]] = set()
    while queue and len(expanded) < max_states:
        _, negated, edits, positions = heapq.heappop(queue)
        if (negated, positions) in expanded:
            continue
        if -negated == len(utterances):
            return _backtrace(best, len(utterances), positions)
        expanded.add((negated, positions))
        for stream, following, cost, remaining in problem.successors(-negated, positions):
            state = negated - 1, following
            if state not in best or edits + cost < best[state][0]:
                best[state] = edits + cost, positions, stream
                heapq.heappush(queue, (edits + cost + remaining, negated - 1, edits + cost, following))
    return None


def _backtrace(
    best: dict[tuple[int, Positions], tuple[int, Positions, int]], assigned: int, positions: Positions
) -> list[int]:
    """Return the stream of each utterance on the path to a state."""
    assignment: list[int] = []
    while len(assignment) < assigned:
        _, positions, stream = best[len(assignment) - assigned, positions]
        assignment.append(stream)
    return assignment[::-1]


@dataclass(slots=True)
class _Problem:
    """The utterances, the streams, and the counts of their remaining words."""

    utterances: Sequence[Sequence[str]]
    streams: Sequence[Sequence[str]]
    _indices: dict[str, int] = field(init=False)
    _reference_counts: Counts = field(init=False)
    _stream_counts: list[Counts] = field(init=False)
    _mismatched: list[dict[str, Mismatches]] = field(init=False)
    _rows: dict[tuple[int, int, int], Counts] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        reference = [word for words in self.utterances for word in words]
        hypothesis = [word for words in self.streams for word in words]
        self._indices = {word: index for index, word in enumerate(dict.fromkeys([*reference, *hypothesis]))}
        self._mismatched = [mismatches(reference, words) for words in self.streams]
        self._reference_counts = self._remaining(reference)[np.cumsum([0, *map(len, self.utterances)])]
        self._stream_counts = [self._remaining(words) for words in self.streams]

    def successors(self, utterance: int, positions: Positions) -> Iterator[tuple[int, Positions, int, int]]:
        """Yield each assignment of the utterance: stream, new positions, edits, and lower bound of later edits."""
        for stream, position in enumerate(positions):
            costs = self._costs(utterance, stream, position)
            found = self._stream_counts[stream][position:] + sum(
                self._stream_counts[other][at] for other, at in enumerate(positions) if other != stream
            )
            expected = self._reference_counts[utterance + 1]
            common = np.minimum(found, expected).sum(axis=1)
            # Ignoring word order, each remaining word of the longer side is an edit unless both sides have it.
            bounds = np.maximum(found.sum(axis=1), expected.sum()) - common
            for consumed, (cost, bound) in enumerate(zip(costs.tolist(), bounds.tolist(), strict=True)):
                yield stream, (*positions[:stream], position + consumed, *positions[stream + 1 :]), cost, bound

    def _costs(self, utterance: int, stream: int, position: int) -> Counts:
        """Return the edits between an utterance and the next 0, 1, 2, … words of a stream after `position`."""
        if (utterance, stream, position) not in self._rows:
            insertions = np.arange(len(self.streams[stream]) - position + 1)
            words = self.utterances[utterance]
            mismatched = {word: self._mismatched[stream][word][position:] for word in words}
            self._rows[utterance, stream, position] = append_words(insertions, words, mismatched)
        return self._rows[utterance, stream, position]

    def _remaining(self, words: Sequence[str]) -> Counts:
        """Return the count of each distinct word from each position on, `(len(words) + 1, distinct words)`."""
        counts = np.zeros((len(words) + 1, len(self._indices)), np.int32)
        counts[np.arange(len(words)), [self._indices[word] for word in words]] = 1
        return np.cumsum(counts[::-1], axis=0, dtype=np.int32)[::-1]
