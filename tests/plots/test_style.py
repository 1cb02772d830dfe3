"""The four plots: what they draw, and that labels and legends are complete."""

from __future__ import annotations

import io
import math
import re
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from meetscribe.analytics import stats
from meetscribe.errors import SettingsError
from meetscribe.markup.colors import CHART_COLORS, chart_color
from meetscribe.plots.style import shown, style_of
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.display import html_timeline

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402

from meetscribe import plots  # noqa: E402
from meetscribe.plots.cumulative import cumulated  # noqa: E402

TURNS = [Turn(0, 30, "Anna"), Turn(25, 60, "Ben"), Turn(62, 100, "Anna"), Turn(99, 130, "$Cleo$ <b>")]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Close the figures."""
    yield
    pyplot.close("all")


def drawn(turns: list[Turn]) -> list[Any]:
    """Return the axes of the four plots."""
    result = stats(turns)
    return [
        plots.speaker_timeline(turns),
        plots.cumulative_talk(turns),
        plots.transition_matrix(result.frame("transitions")),
        plots.window_shares(result.frame("timeline")),
    ]


def test_names_are_labels_and_legends() -> None:
    """Lanes and cells are labelled with the names, lines and bars in the legend; axes have titles."""
    lanes, lines, cells, bars = drawn(TURNS)
    names = ["Anna", "Ben", r"\$Cleo\$ <b>"]

    assert [text.get_text() for text in lanes.get_yticklabels()] == names
    assert sorted(text.get_text() for text in cells.get_yticklabels()) == sorted(names)
    legends = [[text.get_text() for text in one.get_legend().get_texts()] for one in (lanes, lines, bars)]
    assert legends == [["others speak too"], ["Anna, 1.1 min", "Ben, 35 s", r"\$Cleo\$ <b>, 31 s"], names]
    assert (lines.get_ylabel(), bars.get_ylabel()) == ("talk time (min)", "share of talk time")


@pytest.mark.parametrize(
    "turns",
    [[], [Turn(0, 0, "A")], TURNS, [Turn(i, i + 2, f"Speaker with a rather long name {i % 20}") for i in range(90)]],
)
def test_nothing_is_cut_off(turns: list[Turn]) -> None:
    """Every label and legend is inside the figure, for no speaker and for many."""
    for axes in drawn(turns):
        figure = axes.figure
        figure.savefig(io.BytesIO(), format="png")
        box = figure.get_tightbbox()
        width, _ = figure.get_size_inches()
        assert box.x0 >= -0.05
        assert box.x1 <= width + 0.05


def test_each_plot_has_its_own_figure() -> None:
    """Plots in one script do not cover each other, nor a figure that is open."""
    open_figure, _ = pyplot.subplots()
    figures = {id(axes.figure) for axes in [*drawn(TURNS), plots.training_curves([(1, 2.0)], [], [])]}
    assert len(figures - {id(open_figure)}) == 5


def test_an_axes_is_used_and_returned() -> None:
    """Plots go where the caller puts them."""
    _, ax = pyplot.subplots()
    assert plots.speaker_timeline(TURNS, ax) is ax
    assert plots.cumulative_talk(Transcript((), Meta("en", 200, turns=tuple(TURNS))), ax) is ax
    assert ax.get_xlim() == (0, 200)


def test_shares_of_a_window_add_up() -> None:
    """The bars of each window with speech reach 1."""
    _, _, _, bars = drawn(TURNS)
    tops = [patch.get_y() + patch.get_height() for patch in bars.patches]
    assert math.isclose(max(tops), 1, abs_tol=1e-5)


def test_cumulated_time_ends_at_the_total() -> None:
    """The line rises by one second per second of speech."""
    times, sums = cumulated((Span(1, 3), Span(5, 6)), 10)
    assert np.interp([0, 2, 4, 5.5, 10], times, sums).tolist() == [0, 1, 2, 2.5, 3]


def test_styles_differ_without_colour() -> None:
    """Eight speakers have eight hatches and line styles, and sixteen have sixteen combinations with the colour."""
    assert len({style_of(index).hatch for index in range(8)}) == len({style_of(index).color for index in range(8)}) == 8
    assert len({(style_of(index).hatch, style_of(index).color) for index in range(16)}) == 16


def test_speakers_have_the_colours_of_the_notebook() -> None:
    """A transcript's timeline in a notebook and its plots have the same colours, whoever has the first turn."""
    words = (Word("So", 26, 27, speaker="Ben"), Word("yes", 28, 29, speaker="Anna"))
    transcript = Transcript((Segment(words),), Meta("en", 200, turns=tuple(TURNS)))
    lines = plots.cumulative_talk(transcript).get_lines()
    colors = {str(line.get_label()).partition(",")[0]: line.get_color() for line in lines}
    picture = html_timeline(transcript)
    assert colors == {"Anna": chart_color(1), "Ben": chart_color(0), r"\$Cleo\$ <b>": chart_color(2)}
    lanes = re.findall(r'fill="(#\w{6})"', picture)
    assert [color for color in lanes if color in CHART_COLORS] == [chart_color(1), chart_color(0), chart_color(2)]


def test_labels_are_plain_text() -> None:
    """Dollar signs are no formulas, and long names are cut."""
    assert shown("a\nb $x$") == r"a b \$x\$"
    assert len(shown("n" * 100)) == 24


def test_without_matplotlib_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy is the package."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SettingsError, match="pip install matplotlib"):
        plots.speaker_timeline(TURNS)


def test_another_value_than_the_table_is_refused() -> None:
    """A transcript or another table in place of the one to plot is answered by the call that gives it."""
    statistics = stats([Turn(0, 2, "Anna"), Turn(2, 3, "Ben")])
    with pytest.raises(TypeError, match=r"frame\('transitions'\)"):
        plots.transition_matrix(statistics.frame("timeline"))
    with pytest.raises(TypeError, match=r"frame\('timeline'\)"):
        plots.window_shares(Transcript((), Meta("en", 1.0)))  # type: ignore[arg-type]


def test_a_table_of_several_meetings_is_refused() -> None:
    """Counts and windows of several meetings are not mixed, and the remedy selects one of them."""
    statistics = stats(TURNS, TURNS[:2], names=["Monday", "Friday"])
    for name, plot in (("transitions", plots.transition_matrix), ("timeline", plots.window_shares)):
        table = statistics.frame(name)
        with pytest.raises(SettingsError, match=rf'2 meetings(.|\n)*{name}\[{name}\["meeting"\] == "Monday"\]'):
            plot(table)
        plot(table[table["meeting"] == "Monday"])


@pytest.mark.parametrize("duration", [0.4, 3.1, 11.0, 100.0, 3 * 3600.0, 8000.0])
def test_labels_of_the_time_are_the_times_of_the_ticks(duration: float) -> None:
    """No label is rounded, and ticks are at whole seconds if the recording has several."""
    axes = plots.speaker_timeline([Turn(0, duration, "Anna")])
    axes.figure.canvas.draw()
    ticks = [tick for tick in axes.get_xticks() if 0 <= tick <= duration]
    texts = [text.get_text() for text in axes.get_xticklabels()][: len(ticks)]
    units = (3600, 60, 1) if duration >= 7200 else (60, 1)
    read = [sum(float(part) * unit for part, unit in zip(text.split(":"), units, strict=False)) for text in texts]
    assert len(ticks) > 1
    assert read == pytest.approx(ticks)
    assert duration < 3 or all(tick == int(tick) for tick in ticks)
