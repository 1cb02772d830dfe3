"""A colour for each speaker, readable on light and on dark pages."""

from __future__ import annotations

from colorsys import hls_to_rgb

ON_LIGHT, ON_DARK = 0.28, 0.72
"""The lightness of text that is readable on white, and on black."""

_GOLDEN_RATIO = 0.618034


def speaker_color(index: int, lightness: float = 0.75) -> str:
    """Return the colour of the speaker with that index as #rrggbb; hues of neighbouring indices are far apart.

    >>> speaker_color(0), speaker_color(1)
    ('#99e6cc', '#e6b599')
    """
    hue = (0.444 + index * _GOLDEN_RATIO) % 1.0
    red, green, blue = hls_to_rgb(hue, lightness, 0.6)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def color_rules(count: int, selector: str, variable: str, lightness: float) -> list[str]:
    """Return a CSS rule per speaker that sets a variable to the speaker's colour; the index follows the selector.

    >>> color_rules(1, ".speaker", "--mark", ON_LIGHT)
    ['.speaker0 { --mark: #1d7255; }']
    """
    return [f"{selector}{index} {{ {variable}: {speaker_color(index, lightness)}; }}" for index in range(count)]
