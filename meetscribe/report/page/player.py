"""The audio player of the page, and the list of keyboard shortcuts."""

from __future__ import annotations

from meetscribe.markup.escaping import escape_markup
from meetscribe.report.sound import Sound

_KEYS = (
    ("Space", "play or pause"),
    ("← →", "5 seconds back or on"),
    (", .", "a word back or on"),
    ("j k", "next or previous paragraph"),
    ("Enter", "play the paragraph"),
    ("/", "search; Enter and Shift+Enter go from match to match"),
    ("n", "next doubtful passage"),
    ("Esc", "end the search and the filter"),
    ("?", "this list"),
)
_WITHOUT_SOUND = ("j k", "/", "n", "Esc", "?")  # the keys that need no audio


def player(sound: Sound | None) -> str:
    """Return the player, with the browser's own controls if scripts are disabled; empty without audio."""
    if sound is None:
        return ""
    return (
        '<aside class="player" aria-label="Player">\n'
        f'<audio controls preload="metadata" src="{escape_markup(sound.url)}"></audio>\n'
        '<button type="button" class="js" id="play" aria-label="Play"><svg viewBox="0 0 16 16" aria-hidden="true">'
        '<path class="on" d="M4 2.5v11l9-5.5z"/><path class="off" d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z"/></svg>'
        '</button>\n<span class="js" id="clock" role="timer"></span>\n<p class="js" id="heard"></p>\n'
        '<button type="button" class="js" id="rate" aria-label="Speed">1×</button>\n'
        '<progress class="js" id="done" max="1" value="0" aria-hidden="true"></progress>\n</aside>\n'
    )


def keyboard_dialog(sound: Sound | None) -> str:
    """Return the dialog with the keyboard shortcuts; without audio, only those that need none."""
    rows = "".join(
        f"<div><dt>{' '.join(f'<kbd>{key}</kbd>' for key in keys.split())}</dt><dd>{text}</dd></div>"
        for keys, text in _KEYS
        if sound or keys in _WITHOUT_SOUND
    )
    return (
        '<dialog id="keys" aria-labelledby="keys-title"><form method="dialog"><h2 id="keys-title">Keyboard</h2>'
        f"<dl>{rows}</dl><button>Close</button></form></dialog>\n"
    )
