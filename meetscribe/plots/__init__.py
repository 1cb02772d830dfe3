"""Plots of meetings for notebooks and papers (requires matplotlib).

Each function draws on the axes `ax`, by default of a new figure, and returns it. The colours are safe for colour
blindness; without colour, hatches, line styles and labels distinguish the speakers.
"""

from __future__ import annotations

from meetscribe.plots.cumulative import cumulative_talk
from meetscribe.plots.lanes import speaker_timeline
from meetscribe.plots.shares import window_shares
from meetscribe.plots.training import training_curves
from meetscribe.plots.transitions import transition_matrix

__all__ = ["cumulative_talk", "speaker_timeline", "training_curves", "transition_matrix", "window_shares"]


def __dir__() -> list[str]:
    return sorted(__all__)
