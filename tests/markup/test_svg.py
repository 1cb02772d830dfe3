"""The timeline as SVG: well-formed for any text, bars where the spans are, a size that is limited."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.markup.svg import WIDTH, Lane, timeline_svg
from meetscribe.timeline import Span

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_where_the_spans_are() -> None:
    """A span of half of the time is a bar over half of the width beside the labels."""
    root = ElementTree.fromstring(timeline_svg([Lane("Anna", "#123456", [Span(50, 100)])], 100, "talk"))
    bar = next(path for path in root.iter(f"{SVG}path") if path.get("fill") == "#123456")
    assert re.match(r"M500\.0 4h300\.0v14", bar.get("d") or "")
    assert [text.text for text in root.iter(f"{SVG}text")][:2] == ["Anna", "0:00:00"]


def test_marked_time_has_a_bar_and_a_legend() -> None:
    """The bar is above the lane; without marked time there is no legend."""
    spans = [Span(50, 100)]
    image = timeline_svg([Lane("Anna", "#123456", spans, [Span(75, 100)])], 100, "talk", "both & more")
    assert '<path fill="currentColor" d="M650.0 0h150.0v4h-150.0z"/>' in image
    assert "both &amp; more" in image
    assert "both" not in timeline_svg([Lane("Anna", "#123456", spans)], 100, "talk", "both & more")


@given(st.text(), st.floats(0, 1e6))
def test_any_label_is_well_formed(label: str, duration: float) -> None:
    """Labels and titles are escaped, and any duration has an axis."""
    root = ElementTree.fromstring(timeline_svg([Lane(label, "#000000", [Span(0, duration)])], duration, label))
    assert root.tag == f"{SVG}svg"
    assert len(list(root.iter(f"{SVG}text"))) <= 12


def test_many_spans_do_not_make_a_large_image() -> None:
    """Ten hours with a turn every second need no more than a bar per two pixels."""
    spans = [Span(time, time + 0.5) for time in range(36_000)]
    assert len(timeline_svg([Lane("A", "#000000", spans)], 36_000, "")) < 60 * WIDTH


@pytest.mark.parametrize("duration", [0.0, 0.4, 59.0, 36_000.0, 1e6])
def test_the_axis_has_few_marks(duration: float) -> None:
    """There are at most nine times on the axis."""
    assert timeline_svg([], duration, "").count("<text") <= 9
