from __future__ import annotations

import pytest

from meetscribe.markup.colors import ON_DARK, ON_LIGHT, color_rules, speaker_color


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
