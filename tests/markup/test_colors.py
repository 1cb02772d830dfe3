from __future__ import annotations

import re
from importlib.resources import files

import pytest

from meetscribe.markup.colors import ON_DARK, ON_LIGHT, PALETTE, color_rules, palette_rules, speaker_color


def luminance(color: str) -> float:
    """Return the relative luminance of a colour #rrggbb (WCAG 2)."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("lightness", "page"), [(ON_LIGHT, "#ffffff"), (ON_DARK, "#15181c")])
def test_colors_are_readable(lightness: float, page: str) -> None:
    """The colours of twenty speakers stand out from a light and from a dark page (WCAG 2, level AA: 4.5 to 1)."""
    for index in range(20):
        light, dark = sorted((luminance(speaker_color(index, lightness)), luminance(page)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_rules_are_one_per_speaker() -> None:
    """Each speaker has a rule of its own, and a page without speakers has none."""
    rules = color_rules(3, ".k", "--k", ON_LIGHT)
    assert [rule.split(" ")[0] for rule in rules] == [".k0", ".k1", ".k2"]
    assert len(set(rules)) == 3
    assert color_rules(0, ".k", "--k", ON_LIGHT) == []


def test_the_palette_is_readable_and_that_of_the_server() -> None:
    """Its colours stand out from the pages of reports (WCAG 2, level AA); the server has the same ones."""
    for light, dark in PALETTE:
        assert (luminance("#f7f7f5") + 0.05) / (luminance(light) + 0.05) >= 4.5
        assert (luminance(dark) + 0.05) / (luminance("#1a1d21") + 0.05) >= 4.5
    style = files("meetscribe.server").joinpath("page", "style.css").read_text(encoding="utf-8")
    found = re.findall(r"--speaker-(\d): (#[0-9a-f]{6})", style)
    assert [color for _, color in found] == [light for light, _ in PALETTE] + [dark for _, dark in PALETTE]


def test_colors_of_the_palette_repeat_after_eight_speakers() -> None:
    rules = palette_rules(9, ".s", "--own")
    assert rules[8] == rules[0].replace(".s0", ".s8")
    assert len({rule.partition("{")[2] for rule in rules}) == 8
