"""The likeliest places of given tokens in the output of a CTC network (Graves et al., 2006), in numpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def viterbi(
    log_probs: npt.NDArray[np.floating], tokens: Sequence[int], blank: int, gaps: Sequence[int] | None = None
) -> list[tuple[int, int, float]]:
    """For each token the first frame, the frame after the last, and a score 0 to 1; empty if they do not fit.

    `log_probs` is `(frames, vocabulary)`; `tokens` are columns of it. The path goes through the tokens in
    order. Between two it may rest on the blank, between two equal ones it must. A token's span holds the
    frames on which the path is on the token, never the blanks beside it, so that it does not reach into a
    pause; its score is the geometric mean of the probabilities there.

    `gaps`, one longer than `tokens`, are columns to rest on instead of `blank`, before each token and at the
    end.
    """
    import numpy as np

    columns = _states(tokens, [blank] * (len(tokens) + 1) if gaps is None else gaps)
    if not tokens or len(log_probs) < _fewest_frames(tokens):
        return []
    emitted = log_probs[:, columns].astype(np.float64)
    path = _best_path(emitted, _may_skip(tokens))
    if not path:
        return []
    states = np.arange(len(tokens)) * 2 + 1
    first, last = np.searchsorted(path, states, "left"), np.searchsorted(path, states, "right")
    return [
        (int(start), int(end), math.exp(min(0.0, float(emitted[start:end, state].mean()))))
        for start, end, state in zip(first, last, states, strict=True)
    ]


def _states(tokens: Sequence[int], gaps: Sequence[int]) -> list[int]:
    """The column of each state of the path: a gap, then a token and a gap for each token."""
    columns = [gaps[0]]
    for token, gap in zip(tokens, gaps[1:], strict=True):
        columns += [token, gap]
    return columns


def _fewest_frames(tokens: Sequence[int]) -> int:
    """Frames that the tokens need at least: one each, and one between two equal ones."""
    return len(tokens) + sum(before == after for before, after in zip(tokens, tokens[1:], strict=False))


def _may_skip(tokens: Sequence[int]) -> npt.NDArray[np.bool_]:
    """For each state whether it can follow the state two before it, skipping the gap between."""
    import numpy as np

    skip = np.zeros(2 * len(tokens) + 1, dtype=np.bool_)
    for position in range(1, len(tokens)):
        skip[2 * position + 1] = tokens[position] != tokens[position - 1]
    return skip


def _best_path(emitted: npt.NDArray[np.float64], skip: npt.NDArray[np.bool_]) -> list[int]:
    """The state of each frame on the likeliest path, a frame's states weighed at once; empty if none is.

    `emitted` `(frames, states)` holds the log probability of each state.
    """
    import numpy as np

    frames, states = emitted.shape
    best = np.full(states, -np.inf)
    best[:2] = emitted[0, :2]
    steps = np.zeros((frames, states), dtype=np.int8)  # how many states back the path comes from
    before = np.full((3, states), -np.inf)
    for frame in range(1, frames):
        before[0] = best
        before[1, 1:] = best[:-1]
        before[2, 2:] = np.where(skip[2:], best[:-2], -np.inf)
        steps[frame] = before.argmax(axis=0)
        best = before.max(axis=0) + emitted[frame]
    state = states - 1 if best[-1] >= best[-2] else states - 2
    if best[state] == -np.inf:
        return []
    path = [state]
    for frame in range(frames - 1, 0, -1):
        state -= int(steps[frame, state])
        path.append(state)
    return path[::-1]
