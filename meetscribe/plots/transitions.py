"""Transitions between speakers as a heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.plots.style import axes_or_new, require_table, shown

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MAX_NUMBERED = 12
"""The maximum number of speakers for which the cells show numbers."""


def transition_matrix(transitions: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of each next speaker after each speaker; the numbers are counts.

    `transitions` is the table `transitions` of one meeting (`meetscribe.stats(t).frame("transitions")`). Raises
    SettingsError without matplotlib or for several meetings, TypeError for any other value.
    """
    require_table(transitions, "transitions", ("speaker", "next_speaker", "share", "count"))
    ax = axes_or_new(ax)
    names = sorted({*transitions["speaker"], *transitions["next_speaker"]})
    places = {name: place for place, name in enumerate(names)}
    shares = [[0.0] * len(names) for _ in names]
    counts = [[0] * len(names) for _ in names]
    columns = (transitions[name].tolist() for name in ("speaker", "next_speaker", "share", "count"))
    for speaker, after, share, count in zip(*columns, strict=True):
        shares[places[speaker]][places[after]] = share
        counts[places[speaker]][places[after]] = count
    if names:
        image = ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        bar = ax.inset_axes((1.04, 0.0, 0.05, 1.0))  # beside the cells, for any width of the axes
        ax.figure.colorbar(image, cax=bar, label="share of all changes from the speaker")
    if len(names) <= _MAX_NUMBERED:
        _number(ax, shares, counts)
    labels = [shown(name) for name in names]
    ax.set_xticks(range(len(names)), labels, rotation=30, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), labels)
    ax.set_xlabel("next speaker")
    ax.set_ylabel("speaker")
    return ax


def _number(ax: Axes, shares: list[list[float]], counts: list[list[int]]) -> None:
    """Write the count in each cell, light on dark cells."""
    for row, own in enumerate(counts):
        for column, count in enumerate(own):
            color = "white" if shares[row][column] > 0.5 else "black"
            if row != column:
                ax.text(column, row, str(count), ha="center", va="center", color=color)
