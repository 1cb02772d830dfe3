"""The curves of a training run: losses per update, and the word error rate on the dev set."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.plots.style import axes_or_new, plain_axes, style_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Points: TypeAlias = Sequence[tuple[int, float]]
"""(step, value) pairs in order."""

_WINDOWS = 25
"""The number of windows of the moving mean in a run."""


def training_curves(train: Points, dev: Points, errors: Points = (), ax: Axes | None = None) -> Axes:
    """Draw the training and dev losses in nats per token, and on the right axis the word error rate on dev in per cent.

    Of a long run, the losses of single updates are pale, and the curve is a moving mean. `errors` are rates from 0 to
    1. Raises SettingsError without matplotlib.
    """
    ax = axes_or_new(ax)
    lines = []
    if (smooth := moving_mean(train, len(train) // _WINDOWS)) != train:
        ax.plot(*zip(*train, strict=True), color=style_of(0).color, alpha=0.25, linewidth=0.8)
    for index, (points, label, marker) in enumerate(((smooth, "train", ""), (dev, "dev", "o"))):
        if points:
            steps, values = zip(*points, strict=True)
            style = style_of(index)
            lines += ax.plot(steps, values, color=style.color, linestyle=style.line, marker=marker, label=label)
    ax.set_xlabel("updates")
    ax.set_ylabel("loss (nats per token)")
    ax.set_ylim(bottom=0)
    plain_axes(ax)
    if errors:
        right = ax.twinx()
        steps, values = zip(*errors, strict=True)
        style = style_of(2)
        rates = [100 * value for value in values]
        lines += right.plot(steps, rates, color=style.color, linestyle=style.line, marker="s", label="dev, word errors")
        right.set_ylabel("word error rate (%)")
        right.set_ylim(bottom=0)
        right.spines["top"].set_visible(False)
    ax.legend(handles=lines, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)  # above the curves
    return ax


def moving_mean(points: Points, window: int) -> Points:
    """Return the mean of the last `window` values at each step; the points themselves for a window of one or less.

    >>> moving_mean([(1, 3.0), (2, 1.0), (3, 2.0)], 2)
    [(1, 3.0), (2, 2.0), (3, 1.5)]
    """
    if window <= 1:
        return points
    values = [value for _, value in points]
    return [(step, fmean(values[max(at - window, 0) : at])) for at, (step, _) in enumerate(points, start=1)]
