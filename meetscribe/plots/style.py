"""Colours, hatches and axes shared by all plots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meetscribe.errors import SettingsError
from meetscribe.markup.colors import CHART_COLORS, chart_color
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span, union
from meetscribe.transcript import Transcript
from meetscribe.transcript.sources import SpeechSource, turns_or_transcript
from meetscribe.transcript.turns import turns_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_HATCHES = ("", "///", "...", "xx", "\\\\\\", "++", "---", "oo")
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3)), (0, (1, 3)), (0, (3, 1, 1, 1)))
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Style:
    """The colour, hatch and line style of a speaker."""

    color: str
    hatch: str
    line: Any


def style_of(index: int) -> Style:
    """Return the style of a speaker by index; after eight, the colours repeat with other hatches and lines."""
    shift = index // len(CHART_COLORS)
    return Style(
        chart_color(index),
        _HATCHES[(index + shift) % len(_HATCHES)],
        _LINES[(index + shift) % len(_LINES)],
    )


def axes_or_new(ax: Axes | None) -> Axes:
    """Return `ax`, or for None the axes of a new figure with room for a legend beside them.

    Raises SettingsError without matplotlib.
    """
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise SettingsError("plots need matplotlib", "Install it: pip install matplotlib") from error
    return pyplot.subplots(figsize=(9, 4), layout="constrained")[1] if ax is None else ax


def speech_of(source: SpeechSource) -> tuple[dict[str, tuple[Span, ...]], Seconds]:
    """Return the union of each speaker's turns, by first appearance in the words or else the turns, and the duration.

    The order is that of the timeline in notebooks, so that each speaker has the same colour. Raises InputError if a
    file or a frame cannot be read.
    """
    turns, duration = turns_or_transcript(source), 0.0
    spans: dict[str, list[Span]] = {}
    if isinstance(turns, Transcript):
        edited = turns.edited()
        turns, duration = turns_of(edited), edited.duration
        spans = {speaker: [] for speaker in edited.speakers}
    for turn in sorted(turns):
        spans.setdefault(turn.speaker, []).append(turn.span)
    end = max((turn.end for turn in turns), default=0.0)
    return {speaker: union(own) for speaker, own in spans.items() if own}, max(duration, end)


def require_table(frame: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    """Check that `frame` is the table `name` of one meeting, with the columns that a plot needs.

    Raises TypeError for any other value, SettingsError for a table of several meetings.
    """
    if set(columns) - set(getattr(frame, "columns", ())):
        raise TypeError(f"expected a table of statistics: meetscribe.stats(transcript).frame({name!r})")
    meetings = frame["meeting"].unique().tolist() if "meeting" in frame.columns else []
    if len(meetings) > 1:
        raise SettingsError(
            f"the table holds {len(meetings)} meetings, but the plot shows one",
            f'Select it by name: {name}[{name}["meeting"] == "{meetings[0]}"]',
        )


def shown(name: str) -> str:
    """Return a name as a plot label: on one line, shortened, and with "$" escaped.

    >>> shown("$a$ b")
    '\\\\$a\\\\$ b'
    """
    line = one_line(name)
    line = line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
    return line.replace("$", r"\$")


def time_axis(ax: Axes, duration: Seconds) -> None:
    """Show the horizontal axis in minutes and seconds, from two hours on in hours and minutes.

    Ticks are at whole seconds where possible.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    hours = duration >= 2 * 3600
    ax.set_xlim(0, duration or 1)
    ax.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 1.5, 2, 3, 6, 10], integer=True))

    def clock(value: float, _: object) -> str:
        minutes, seconds = divmod(round(value, 3), 60)
        rest = f"{seconds:02.0f}" if seconds == int(seconds) else f"{seconds:06.3f}".rstrip("0")
        if not hours:
            return f"{minutes:.0f}:{rest}"
        return f"{minutes // 60:.0f}:{minutes % 60:02.0f}" + (f":{rest}" if seconds else "")

    ax.xaxis.set_major_formatter(FuncFormatter(clock))
    ax.set_xlabel("time (h:mm)" if hours else "time (min:s)")


def plain_axes(ax: Axes) -> None:
    """Remove the upper and the right edge of the axes."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def legend_outside(ax: Axes) -> None:
    """Put the legend to the right of the axes, where it covers nothing."""
    if ax.get_legend_handles_labels()[1]:
        ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, frameon=False, handlelength=2.5)
