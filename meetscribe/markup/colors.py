"""A colour for each speaker, dark enough on white and, lightened, readable on black."""

from __future__ import annotations

from colorsys import hls_to_rgb

ON_LIGHT, ON_DARK = 0.28, 0.72
"""The lightness of text that is readable on white, and on black."""

_GOLDEN_RATIO = 0.618034


def color_of(place: int, lightness: float = 0.75) -> str:
    """The colour of the speaker at `place`, as #rrggbb; hues of neighbours are far apart.

    >>> color_of(0), color_of(1)
    ('#99e6cc', '#e6b599')
    """
    hue = (0.444 + place * _GOLDEN_RATIO) % 1.0
    red, green, blue = hls_to_rgb(hue, lightness, 0.6)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
