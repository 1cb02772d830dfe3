"""Utterances given to streams with the fewest edits, found best first: where errors are few, few ways are looked at.

An A* search (Hart, Nilsson and Raphael, 1968). A state is how many utterances are given, and how far each stream is
used up. What is still to come costs at least as many edits as would remain if words had no order.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.evaluation.words import edits_with, mismatches

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.evaluation.words import Mismatches

    Counts: TypeAlias = npt.NDArray[np.int32]

Places: TypeAlias = tuple[int, ...]
"""How many words of each stream are used up."""

MOST_STATES = 3000
"""To be looked at before it is given up: about a second."""

MOST_WORDS = 1000
"""In reference and hypothesis each: the search holds counts of all that is to come after each word."""


def best_first(utterances: Sequence[Sequence[str]], streams: Sequence[Sequence[str]]) -> list[int] | None:
    """For each utterance the stream it is given to, so that the edits are fewest; None if that takes too long.

    No utterance and no stream may be empty.
    """
    if max(sum(map(len, utterances)), sum(map(len, streams))) > MOST_WORDS:
        return None
    search = _Search(utterances, streams)
    start = (0,) * len(streams)
    waiting = [(0, 0, 0, start)]  # least edits in all, utterances that are given, negative, edits so far, places
    before: dict[tuple[int, Places], tuple[int, Places, int]] = {}
    done: set[tuple[int, Places]] = set()
    while waiting and len(done) < MOST_STATES:
        _, given, edits, places = heapq.heappop(waiting)
        if (given, places) in done:
            continue
        if -given == len(utterances):
            return _trace(before, len(utterances), places)
        done.add((given, places))
        for stream, following, cost, rest in search.steps(-given, places):
            state = given - 1, following
            if state not in before or edits + cost < before[state][0]:
                before[state] = edits + cost, places, stream
                heapq.heappush(waiting, (edits + cost + rest, given - 1, edits + cost, following))
    return None


def _trace(before: dict[tuple[int, Places], tuple[int, Places, int]], given: int, places: Places) -> list[int]:
    """The streams of the utterances on the way to a state."""
    chosen: list[int] = []
    while len(chosen) < given:
        _, places, stream = before[len(chosen) - given, places]
        chosen.append(stream)
    return chosen[::-1]


@dataclass(slots=True)
class _Search:
    """The utterances and streams as numbers of words, and how often each word is still to come in them."""

    utterances: Sequence[Sequence[str]]
    streams: Sequence[Sequence[str]]
    _numbers: dict[str, int] = field(init=False)
    _said: Counts = field(init=False)
    _heard: list[Counts] = field(init=False)
    _missed: list[dict[str, Mismatches]] = field(init=False)
    _rows: dict[tuple[int, int, int], Counts] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        import numpy as np

        said = [word for words in self.utterances for word in words]
        heard = [word for words in self.streams for word in words]
        self._numbers = {word: number for number, word in enumerate(dict.fromkeys([*said, *heard]))}
        self._missed = [mismatches(said, words) for words in self.streams]
        self._said = self._to_come(said)[np.cumsum([0, *map(len, self.utterances)])]
        self._heard = [self._to_come(words) for words in self.streams]

    def steps(self, given: int, places: Places) -> Iterator[tuple[int, Places, int, int]]:
        """Each way to give the next utterance away.

        Which stream, the places after it, the edits that it costs, and how many more there are at least.
        """
        import numpy as np

        for stream, place in enumerate(places):
            costs = self._costs(given, stream, place)
            heard = self._heard[stream][place:] + sum(
                self._heard[other][at] for other, at in enumerate(places) if other != stream
            )
            said = self._said[given + 1]
            common = np.minimum(heard, said).sum(axis=1)
            rest = np.maximum(heard.sum(axis=1), said.sum()) - common
            for used, (cost, least) in enumerate(zip(costs.tolist(), rest.tolist(), strict=True)):
                yield stream, (*places[:stream], place + used, *places[stream + 1 :]), cost, least

    def _costs(self, number: int, stream: int, place: int) -> Counts:
        """The edits between an utterance and the words of a stream from `place` on, none of them, one, two, …"""
        import numpy as np

        if (number, stream, place) not in self._rows:
            none = np.arange(len(self.streams[stream]) - place + 1)
            missed = {word: self._missed[stream][word][place:] for word in self.utterances[number]}
            self._rows[number, stream, place] = edits_with(none, self.utterances[number], missed)
        return self._rows[number, stream, place]

    def _to_come(self, words: Sequence[str]) -> Counts:
        """How often each word comes from each place on, `(places, words)`."""
        import numpy as np

        counts = np.zeros((len(words) + 1, len(self._numbers)), np.int32)
        counts[np.arange(len(words)), [self._numbers[word] for word in words]] = 1
        return np.cumsum(counts[::-1], axis=0, dtype=np.int32)[::-1]
