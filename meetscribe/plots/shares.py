"""Talk shares per window, as stacked bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.plots.style import (
    axes_or_new,
    legend_outside,
    plain_axes,
    require_table,
    shown,
    style_of,
    time_axis,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def window_shares(timeline: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of each speaker in the talk time of each window.

    `timeline` is the table `timeline` of one meeting (`meetscribe.stats(t).frame("timeline")`); windows without speech
    are empty. Raises SettingsError without matplotlib or for several meetings, TypeError for any other value.
    """
    require_table(timeline, "timeline", ("start", "end", "speaker", "talk_share"))
    ax = axes_or_new(ax)
    _draw_bars(timeline, ax)
    ax.set(ylim=(0, 1), ylabel="share of talk time")
    time_axis(ax, float(timeline["end"].max()) if len(timeline) else 0.0)
    plain_axes(ax)
    legend_outside(ax)
    return ax


def _draw_bars(timeline: pd.DataFrame, ax: Axes) -> None:
    """Draw the shares of the speakers as stacked bars."""
    starts = timeline.drop_duplicates("start")
    widths = (starts["end"] - starts["start"]).tolist()
    bottom = [0.0] * len(starts)
    for index, (speaker, own) in enumerate(timeline.groupby("speaker", sort=False)):
        shares = own["talk_share"].fillna(0).tolist()
        style = style_of(index)
        ax.bar(
            starts["start"].tolist(),
            shares,
            widths,
            bottom=bottom,
            align="edge",
            color=style.color,
            hatch=style.hatch,
            edgecolor="white",
            linewidth=0.8,
            label=shown(str(speaker)),
        )
        bottom = [below + share for below, share in zip(bottom, shares, strict=True)]
