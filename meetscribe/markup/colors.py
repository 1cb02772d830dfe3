"""A colour for each speaker, readable on light and on dark pages."""

from __future__ import annotations

from colorsys import hls_to_rgb

ON_LIGHT, ON_DARK = 0.28, 0.72
"""The lightness of text that is readable on white or on black."""

PALETTE = (
    ("#0072b2", "#6cb6ea"),
    ("#b34700", "#f0a060"),
    ("#00735a", "#4fc9a4"),
    ("#9c3d78", "#e29cc6"),
    ("#7a5c00", "#e0c14a"),
    ("#3f4a9c", "#a9b2f5"),
    ("#5c5c5c", "#b5b5b5"),
    ("#7d2f2f", "#e09a9a"),
)
"""Colours that can be distinguished with any colour vision, as pairs for light and dark pages: those of Okabe and Ito
(2008), darkened or lightened until text is readable. The server's page uses the same colours."""

CHART_COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#7A7A7A")
"""The colours of speakers in charts, those of Okabe and Ito (2008) for all kinds of colour vision, with grey instead of
black; bars and lines of these colours are visible on light and on dark pages."""

_GOLDEN_RATIO = 0.618034


def chart_color(index: int) -> str:
    """Return the colour in charts of the speaker with an index; after eight speakers, the colours repeat.

    >>> chart_color(0), chart_color(8)
    ('#0072B2', '#0072B2')
    """
    return CHART_COLORS[index % len(CHART_COLORS)]


def speaker_color(index: int, lightness: float = 0.75) -> str:
    """Return the colour of the speaker with an index as #rrggbb; hues of neighbouring indices are far apart.

    >>> speaker_color(0), speaker_color(1)
    ('#99e6cc', '#e6b599')
    """
    hue = (0.444 + index * _GOLDEN_RATIO) % 1.0
    red, green, blue = hls_to_rgb(hue, lightness, 0.6)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def color_rules(count: int, selector: str, variable: str, lightness: float) -> list[str]:
    """Return a CSS rule per speaker that sets a variable to the speaker's colour; selectors end with the index.

    >>> color_rules(1, ".speaker", "--mark", ON_LIGHT)
    ['.speaker0 { --mark: #1d7255; }']
    """
    return [f"{selector}{index} {{ {variable}: {speaker_color(index, lightness)}; }}" for index in range(count)]


def palette_rules(count: int, selector: str, variable: str) -> list[str]:
    """Return a CSS rule per speaker that sets a variable to a colour of the palette for both themes.

    After eight speakers, the colours repeat.

    >>> palette_rules(1, ".s", "--own")
    ['.s0 { --own: light-dark(#0072b2, #6cb6ea); }']
    """
    pairs = (PALETTE[index % len(PALETTE)] for index in range(count))
    return [
        f"{selector}{index} {{ {variable}: light-dark({light}, {dark}); }}" for index, (light, dark) in enumerate(pairs)
    ]
