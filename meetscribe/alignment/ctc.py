"""The likeliest places of given tokens in the output of a CTC network (Graves et al., 2006), in numpy.

The states of a path are the tokens with a gap before each and one at the end. All states of all lines of a batch are
weighed at once, frame after frame. A line too long for that is weighed in a band of states that follows the likeliest
of them, so that time and memory grow with its length and not with the square.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float32]
    States: TypeAlias = npt.NDArray[np.intp]
    Steps: TypeAlias = tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]
    """Whether a path into a state of a frame steps over from the state before, and from the one before that."""

Place: TypeAlias = tuple[int, int, float]
"""The first frame of a token, the frame after its last, and a score 0 to 1."""

_CELLS = 8_000_000  # frames by states weighed in one go, 6 bytes each
_ALONE = 4_000_000  # of a line that is weighed alone, in a band
_BAND = 2048  # states: as many letters as are spoken in a minute
_WIDEST = 8192  # where the path comes near the edges of that; a text that does not fit the sound gets no more
_BLOCK = 250  # frames between two moves of the band; it moves by fewer states than half of it is wide
_LAG = 16  # blocks after which the path is settled: whatever lies before has one origin by then


@dataclass(frozen=True, slots=True)
class Line:
    """Log probabilities `(frames, columns)`, and the columns of the tokens to be found in them, in order.

    `gaps`, one longer than `tokens`, are the columns to rest on before each token and at the end.
    """

    log_probs: Floats
    tokens: Sequence[int]
    gaps: Sequence[int]

    @property
    def fits(self) -> bool:
        """Whether there are tokens, and frames for them: one each, and one between two equal ones."""
        return bool(self.tokens) and len(self.log_probs) >= len(self.tokens) + sum(a == b for a, b in self._pairs)

    @property
    def states(self) -> int:
        """How many states its paths have."""
        return 2 * len(self.tokens) + 1

    def columns(self) -> States:
        """The column of each state."""
        import numpy as np

        columns = np.empty(self.states, np.intp)
        columns[::2], columns[1::2] = self.gaps, self.tokens
        return columns

    def skip(self) -> Floats:
        """What it costs to come to each state from the one before the last: nothing, or there is no way."""
        import numpy as np

        skip = np.full(self.states, -np.inf, np.float32)
        skip[3::2] = [-np.inf if before == after else 0.0 for before, after in self._pairs]
        return skip

    @property
    def _pairs(self) -> list[tuple[int, int]]:
        return list(pairwise(self.tokens))


def viterbi(lines: Sequence[Line]) -> list[list[Place]]:
    """For each line the places of its tokens on the likeliest path; none if they do not fit.

    A path goes through the tokens in order. Between two it may rest on the gap, between two equal ones it must. A
    token's span holds the frames on which the path is on the token, never the gaps beside it, so that it does not
    reach into a pause; its score is the geometric mean of the probabilities there.

    A line of more than four million frames by states is searched in a band of 2048 states, or of 8192 if the path
    comes near its edges. What it finds is the likeliest path unless that one, for a while, lies more than half a
    band away from the likeliest so far: by the letters of half a minute, or of two.
    """
    places: list[list[Place]] = [[] for _ in lines]
    sizes = {number: len(line.log_probs) * line.states for number, line in enumerate(lines) if line.fits}
    for number in (number for number, size in sizes.items() if size > _ALONE):
        places[number] = _places(lines[number], _long_path(lines[number]))
    short = [number for number, size in sizes.items() if size <= _ALONE]
    for batch in _batches(lines, sorted(short, key=lambda number: len(lines[number].log_probs))):
        for number, path in zip(batch, _paths([lines[number] for number in batch]), strict=True):
            places[number] = _places(lines[number], path)
    return places


def _batches(lines: Sequence[Line], numbers: Sequence[int]) -> list[list[int]]:
    """The lines, given by length, put together as far as they may be weighed in one go."""
    batches: list[list[int]] = []
    widest = 0
    for number in numbers:
        widest = max(widest, lines[number].states)
        if batches and (len(batches[-1]) + 1) * len(lines[number].log_probs) * widest <= _CELLS:
            batches[-1].append(number)
        else:
            batches.append([number])
            widest = lines[number].states
    return batches


def _paths(lines: Sequence[Line]) -> list[States | None]:
    """The state of each frame on the likeliest path of each line; None if there is no path.

    Shorter lines are preceded by frames on which a path can only wait in the first state, so that all end on the
    same frame. States beyond a line's own lead nowhere.
    """
    import numpy as np

    frames, states = max(len(line.log_probs) for line in lines), max(line.states for line in lines)
    emitted = np.zeros((frames, len(lines), states), np.float32)
    skip = np.full((len(lines), states), -np.inf, np.float32)
    for row, line in enumerate(lines):
        emitted[: frames - len(line.log_probs), row, 1:] = -np.inf
        emitted[frames - len(line.log_probs) :, row, : line.states] = line.log_probs[:, line.columns()]
        skip[row, : line.states] = line.skip()
    best, steps = _forward(emitted, skip, _first(len(lines), states))
    rows = np.arange(len(lines))
    ends = np.array([_end(best[row, : line.states]) for row, line in enumerate(lines)])
    path, _ = _backward(steps, rows, ends)
    return [
        path[frames - len(line.log_probs) :, row] if best[row, ends[row]] > -np.inf else None
        for row, line in enumerate(lines)
    ]


def _first(rows: int, states: int) -> Floats:
    """The scores before the first frame, from where a path comes to the first gap or the first token."""
    import numpy as np

    best = np.full((rows, states), -np.inf, np.float32)
    best[:, 0] = 0.0
    return best


def _end(best: Floats) -> int:
    """The likelier of the two states in which a path may end: the last token, or the gap after it."""
    return len(best) - 1 if best[-1] >= best[-2] else len(best) - 2


def _forward(emitted: Floats, skip: Floats, best: Floats) -> tuple[Floats, Steps]:
    """The scores `(rows, states)` after the last frame of `emitted` `(frames, rows, states)`, and all steps."""
    import numpy as np

    stepped, skipped = np.empty(emitted.shape, np.bool_), np.empty(emitted.shape, np.bool_)
    scores = np.full((best.shape[0], best.shape[1] + 2), -np.inf, np.float32)
    two_before, before, here = scores[:, :-2], scores[:, 1:-1], scores[:, 2:]
    here[:] = best
    nearest, farthest = np.empty_like(best), np.empty_like(best)
    for frame, heard in enumerate(emitted):
        np.greater(before, here, out=stepped[frame])
        np.maximum(before, here, out=nearest)
        np.add(two_before, skip, out=farthest)
        np.greater(farthest, nearest, out=skipped[frame])
        np.maximum(farthest, nearest, out=nearest)
        np.add(nearest, heard, out=here)
    return here.copy(), (stepped, skipped)


def _backward(steps: Steps, rows: States, states: States) -> tuple[States, States]:
    """The states `(frames, n)` of the n paths that end in `states` of `rows`, and those before the first frame."""
    import numpy as np

    stepped, skipped = steps
    path = np.empty((len(stepped), len(states)), np.intp)
    for frame in range(len(stepped) - 1, -1, -1):
        path[frame] = states
        states = states - np.where(skipped[frame, rows, states], 2, stepped[frame, rows, states])
    return path, states


def _long_path(line: Line) -> States | None:
    """The state of each frame on the likeliest path in a band, in a wider one if it comes near the edges of that."""
    path = None
    for width in (_BAND, _WIDEST):
        band = _Band(line, min(width, line.states))
        path = band.path()
        if path is not None and not band.touched:
            break
    return path


class _Band:
    """A search through `width` states at once, which begin at the state `low`."""

    def __init__(self, line: Line, width: int) -> None:
        self.line, self.width = line, width
        self.columns, self.skip = line.columns(), line.skip()
        self.low = 0
        self.best = _first(1, width)
        self.blocks: list[tuple[int, Steps]] = []  # where the band was, and the steps, of what is not settled yet
        self.settled: list[States] = []
        self.touched = False  # whether the path comes near an edge beyond which there are states

    def path(self) -> States | None:
        """The state of each frame; None if no path in the band reaches the end."""
        import numpy as np

        for first in range(0, len(self.line.log_probs), _BLOCK):
            if not self._advance(self.line.log_probs[first : first + _BLOCK]):
                return None
            if len(self.blocks) == 2 * _LAG:
                self._settle()
        end = _end(self.best[0])
        if self.low + self.width < self.line.states or self.best[0, end] == -np.inf:
            return None
        self._trace(self.low + end, len(self.blocks))
        return np.concatenate(self.settled)

    def _advance(self, log_probs: Floats) -> bool:
        """Move the band and weigh a block of frames; False if no path goes through them."""
        import numpy as np

        wanted = self.low + int(self.best[0].argmax()) - self.width // 2
        move = max(0, min(wanted, self.line.states - self.width) - self.low)
        self.low += move
        if move:
            self.best = np.concatenate([self.best[:, move:], np.full((1, move), -np.inf, np.float32)], axis=1)
        inside = slice(self.low, self.low + self.width)
        self.best, steps = _forward(log_probs[:, None, self.columns[inside]], self.skip[None, inside], self.best)
        likeliest = self.best.max()
        if likeliest == -np.inf:
            return False
        self.best -= likeliest  # or sums over an hour would lose the digits that matter
        self.blocks.append((self.low, steps))
        return True

    def _settle(self) -> None:
        """Decide on the path through the older half of the blocks, and give up those that come from elsewhere."""
        import numpy as np

        states = np.arange(self.low, self.low + self.width)
        for low, steps in reversed(self.blocks[_LAG:]):
            inside = np.minimum(states - low, self.width - 1)  # beyond it there was no path yet
            different, places = np.unique(inside, return_inverse=True)
            states = (low + _backward(steps, np.zeros(1, np.intp), different)[1])[places]
        origin = states[self.best[0].argmax()]
        self.best[0, states != origin] = -np.inf
        self._trace(int(origin), _LAG)

    def _trace(self, state: int, blocks: int) -> None:
        """Settle the first so many blocks on the path that ends in `state`."""
        import numpy as np

        states, margin = np.array([state]), self.width // 8
        found = []
        for low, steps in reversed(self.blocks[:blocks]):
            path, before = _backward(steps, np.zeros(1, np.intp), states - low)
            found.append(low + path[:, 0])
            states = low + before
            self.touched |= low > 0 and path.min() < margin
            self.touched |= low + self.width < self.line.states and path.max() >= self.width - margin
        self.settled += reversed(found)
        del self.blocks[:blocks]


def _places(line: Line, path: States | None) -> list[Place]:
    """The place of each token on a path."""
    import numpy as np

    if path is None:
        return []
    states = np.arange(len(line.tokens)) * 2 + 1
    first, last = np.searchsorted(path, states, "left"), np.searchsorted(path, states, "right")
    columns = line.columns()[path]
    sums = np.concatenate([[0.0], np.cumsum(line.log_probs[np.arange(len(path)), columns], dtype=np.float64)])
    means = (sums[last] - sums[first]) / (last - first)
    return [(int(a), int(b), math.exp(min(0.0, mean))) for a, b, mean in zip(first, last, means, strict=True)]
