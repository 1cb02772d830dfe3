"""CTC forced alignment (Graves et al., 2006) by the Viterbi algorithm, in numpy.

The states of a path are the tokens, with a gap before each and one at the end. All states of all trellises of a batch
are computed together, frame by frame. A trellis that is too large for this is searched in a band of states around the
most likely state, so that time and memory grow linearly with its length instead of quadratically.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
States: TypeAlias = npt.NDArray[np.intp]
Backpointers: TypeAlias = tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]
"""Two arrays `(frames, rows, states)`: whether the best path into a state comes from the previous state, and whether it
comes from the state before that."""

TokenSpan: TypeAlias = tuple[int, int, float]
"""The frames of a token, half-open, and its score from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the search; cells are frames × states, of 6 bytes each.

    A batch has at most `batch_cells`. A trellis of more than `max_cells` is searched in a band of `band` states, about
    the letters of a minute of speech. If the path comes close to the edge of the band, the search is repeated with
    `wide_band`. The band moves before every `block` frames, by at most half its width. Once 2 × `lag` blocks are
    searched, the most likely path through the first `lag` of them is committed, and other paths through them are
    dropped.
    """

    batch_cells: int = 8_000_000
    max_cells: int = 4_000_000
    band: int = 2048
    wide_band: int = 8192
    block: int = 250
    lag: int = 16


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Trellis:
    """Log probabilities `(frames, columns)` and the columns of the tokens to align, in order.

    `gaps`, one longer than `tokens`, are the columns of the gap before each token and at the end.
    """

    log_probs: Floats
    tokens: Sequence[int]
    gaps: Sequence[int]

    @property
    def is_feasible(self) -> bool:
        """Whether there are tokens and enough frames: one per token, and one between two equal tokens."""
        return bool(self.tokens) and len(self.log_probs) >= len(self.tokens) + sum(a == b for a, b in self._pairs)

    @property
    def states(self) -> int:
        """The number of states."""
        return 2 * len(self.tokens) + 1

    def columns(self) -> States:
        """Return the column of each state, `(states,)`."""
        columns = np.empty(self.states, np.intp)
        columns[::2], columns[1::2] = self.gaps, self.tokens
        return columns

    def skip(self) -> Floats:
        """Return the log score of skipping the gap before each state, `(states,)`: 0 if allowed, else -infinity."""
        skip = np.full(self.states, -np.inf, np.float32)
        skip[3::2] = [-np.inf if before == after else 0.0 for before, after in self._pairs]
        return skip

    @property
    def _pairs(self) -> list[tuple[int, int]]:
        return list(pairwise(self.tokens))


def viterbi(trellises: Sequence[Trellis], limits: Limits = LIMITS) -> list[list[TokenSpan]]:
    """Return, for each trellis, the spans of its tokens on the most likely path; an empty list if there is no path.

    A path visits the tokens in order. Between two tokens it may stay in the gap; between two equal tokens it must. The
    span of a token excludes the adjacent gaps, so that it does not extend into a pause. Its score is the geometric mean
    of the probabilities in the span.

    A large trellis is searched in a band (see `Limits`). The result is the most likely path unless that path leaves the
    band, that is, deviates from the most likely partial path by the letters of half a minute, or of two minutes in the
    wide band.
    """
    spans: list[list[TokenSpan]] = [[] for _ in trellises]
    sizes = {index: len(each.log_probs) * each.states for index, each in enumerate(trellises) if each.is_feasible}
    for index in (index for index, size in sizes.items() if size > limits.max_cells):
        spans[index] = _token_spans(trellises[index], _banded_path(trellises[index], limits))
    small = [index for index, size in sizes.items() if size <= limits.max_cells]
    small.sort(key=lambda index: len(trellises[index].log_probs))
    for batch in _batches(trellises, small, limits.batch_cells):
        for index, path in zip(batch, _paths([trellises[index] for index in batch]), strict=True):
            spans[index] = _token_spans(trellises[index], path)
    return spans


def _batches(trellises: Sequence[Trellis], indices: Sequence[int], max_cells: int) -> list[list[int]]:
    """Return the indices, which are sorted by length of trellis, in batches of limited size."""
    batches: list[list[int]] = []
    widest = 0
    for index in indices:
        widest = max(widest, trellises[index].states)
        if batches and (len(batches[-1]) + 1) * len(trellises[index].log_probs) * widest <= max_cells:
            batches[-1].append(index)
        else:
            batches.append([index])
            widest = trellises[index].states
    return batches


def _paths(trellises: Sequence[Trellis]) -> list[States | None]:
    """Return the state of each frame on the most likely path of each trellis; None if there is no path.

    Shorter trellises are padded at the start with frames in which only the first state is possible, so that all end on
    the same frame. Padding states are impossible.
    """
    frames, states = max(len(each.log_probs) for each in trellises), max(each.states for each in trellises)
    emissions = np.zeros((frames, len(trellises), states), np.float32)
    skip = np.full((len(trellises), states), -np.inf, np.float32)
    for row, each in enumerate(trellises):
        emissions[: frames - len(each.log_probs), row, 1:] = -np.inf
        emissions[frames - len(each.log_probs) :, row, : each.states] = each.log_probs[:, each.columns()]
        skip[row, : each.states] = each.skip()
    scores, backpointers = _forward(emissions, skip, _initial_scores(len(trellises), states))
    rows = np.arange(len(trellises))
    final = np.array([_final_state(scores[row, : each.states]) for row, each in enumerate(trellises)])
    path, _ = _backtrace(backpointers, rows, final)
    return [
        path[frames - len(each.log_probs) :, row] if scores[row, final[row]] > -np.inf else None
        for row, each in enumerate(trellises)
    ]


def _initial_scores(rows: int, states: int) -> Floats:
    """Return the scores `(rows, states)` before the first frame; a path starts in the first gap or token."""
    scores = np.full((rows, states), -np.inf, np.float32)
    scores[:, 0] = 0.0
    return scores


def _final_state(scores: Floats) -> int:
    """Return the more likely of the two final states: the last token or the gap after it."""
    return len(scores) - 1 if scores[-1] >= scores[-2] else len(scores) - 2


def _forward(emissions: Floats, skip: Floats, initial: Floats) -> tuple[Floats, Backpointers]:
    """Return the scores `(rows, states)` after the last frame, and the backpointers.

    `emissions` has the shape `(frames, rows, states)`, `skip` the shape `(rows, states)`. `initial` are the scores
    before the first frame.
    """
    stepped, skipped = np.empty(emissions.shape, np.bool_), np.empty(emissions.shape, np.bool_)
    scores = np.full((initial.shape[0], initial.shape[1] + 2), -np.inf, np.float32)
    # Views of the same scores: each state with the state before it, and the one before that.
    two_before, before, here = scores[:, :-2], scores[:, 1:-1], scores[:, 2:]
    here[:] = initial
    best, skipping = np.empty_like(initial), np.empty_like(initial)
    for frame, log_probs in enumerate(emissions):
        np.greater(before, here, out=stepped[frame])
        np.maximum(before, here, out=best)
        np.add(two_before, skip, out=skipping)
        np.greater(skipping, best, out=skipped[frame])
        np.maximum(skipping, best, out=best)
        np.add(best, log_probs, out=here)
    return here.copy(), (stepped, skipped)


def _backtrace(backpointers: Backpointers, rows: States, states: States) -> tuple[States, States]:
    """Return the paths `(frames, n)` that end in `states` `(n,)` of `rows`, and the states before the first frame."""
    stepped, skipped = backpointers
    path = np.empty((len(stepped), len(states)), np.intp)
    for frame in range(len(stepped) - 1, -1, -1):
        path[frame] = states
        states = states - np.where(skipped[frame, rows, states], 2, stepped[frame, rows, states])
    return path, states


def _banded_path(trellis: Trellis, limits: Limits) -> States | None:
    """Return the path found in the band, or in the wide band if the path comes close to the edge."""
    path = None
    for width in (limits.band, limits.wide_band):
        search = _BandedSearch(trellis, min(width, trellis.states), limits)
        path = search.path()
        if path is not None and not search.near_edge:
            break
    return path


class _BandedSearch:
    """A search through a band of `width` states, from the state `low` on; the band follows the most likely state."""

    def __init__(self, trellis: Trellis, width: int, limits: Limits) -> None:
        self.trellis, self.width, self.limits = trellis, width, limits
        self.columns, self.skip = trellis.columns(), trellis.skip()
        self.low = 0
        self.scores = _initial_scores(1, width)
        self.blocks: list[tuple[int, Backpointers]] = []  # `low` and backpointers of uncommitted blocks
        self.committed: list[States] = []
        self.near_edge = False  # whether the path comes close to an edge with states beyond it

    def path(self) -> States | None:
        """Return the state of each frame; None if no path in the band reaches the end."""
        block = self.limits.block
        for first in range(0, len(self.trellis.log_probs), block):
            if not self._advance(self.trellis.log_probs[first : first + block]):
                return None
            if len(self.blocks) == 2 * self.limits.lag:
                self._commit_prefix()
        final = _final_state(self.scores[0])
        if self.low + self.width < self.trellis.states or self.scores[0, final] == -np.inf:
            return None
        self._commit(self.low + final, len(self.blocks))
        return np.concatenate(self.committed)

    def _advance(self, log_probs: Floats) -> bool:
        """Move the band and compute a block of frames; return False if there is no path through it."""
        target = self.low + int(self.scores[0].argmax()) - self.width // 2
        move = max(0, min(target, self.trellis.states - self.width) - self.low)
        self.low += move
        if move:
            self.scores = np.concatenate([self.scores[:, move:], np.full((1, move), -np.inf, np.float32)], axis=1)
        band = slice(self.low, self.low + self.width)
        emissions = log_probs[:, None, self.columns[band]]
        self.scores, backpointers = _forward(emissions, self.skip[None, band], self.scores)
        best = self.scores.max()
        if best == -np.inf:
            return False
        self.scores -= best  # keeps the precision of float32 over long recordings
        self.blocks.append((self.low, backpointers))
        return True

    def _commit_prefix(self) -> None:
        """Commit the best path through the first `lag` blocks, and drop the states with a different prefix."""
        states = np.arange(self.low, self.low + self.width)
        for low, backpointers in reversed(self.blocks[self.limits.lag :]):
            inside = np.minimum(states - low, self.width - 1)  # states beyond the band had no path yet
            distinct, positions = np.unique(inside, return_inverse=True)
            states = (low + _backtrace(backpointers, np.zeros(1, np.intp), distinct)[1])[positions]
        origin = states[self.scores[0].argmax()]
        self.scores[0, states != origin] = -np.inf
        self._commit(int(origin), self.limits.lag)

    def _commit(self, state: int, blocks: int) -> None:
        """Commit the path through the first `blocks` blocks that ends in `state`."""
        states, margin = np.array([state]), self.width // 8
        paths = []
        for low, backpointers in reversed(self.blocks[:blocks]):
            path, before = _backtrace(backpointers, np.zeros(1, np.intp), states - low)
            paths.append(low + path[:, 0])
            states = low + before
            self.near_edge |= low > 0 and path.min() < margin
            self.near_edge |= low + self.width < self.trellis.states and path.max() >= self.width - margin
        self.committed += reversed(paths)
        del self.blocks[:blocks]


def _token_spans(trellis: Trellis, path: States | None) -> list[TokenSpan]:
    """Return the span of each token on a path."""
    if path is None:
        return []
    states = np.arange(len(trellis.tokens)) * 2 + 1
    starts, ends = np.searchsorted(path, states, "left"), np.searchsorted(path, states, "right")
    columns = trellis.columns()[path]
    log_probs = trellis.log_probs[np.arange(len(path)), columns]
    sums = np.concatenate([[0.0], np.cumsum(log_probs, dtype=np.float64)])
    means = (sums[ends] - sums[starts]) / (ends - starts)
    return [(int(a), int(b), math.exp(min(0.0, mean))) for a, b, mean in zip(starts, ends, means, strict=True)]
