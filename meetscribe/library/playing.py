"""Play a meeting from a given time with an installed player."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from meetscribe.errors import MeetscribeError
from meetscribe.timeline import Seconds

PLAYERS = {
    "mpv": ("--start={start}", "--"),
    "ffplay": ("-hide_banner", "-loglevel", "error", "-autoexit", "-ss", "{start}", "-i"),
    "vlc": ("--start-time={start}", "--"),
}
"""Players that can start at a given time, with their arguments before the file; the first one installed is used."""


def player_command(recording: Path, start: Seconds, which: Callable[[str], str | None] = shutil.which) -> list[str]:
    """Return the command that plays a recording from a time on; raises MeetscribeError if no player is installed."""
    for name, arguments in PLAYERS.items():
        if found := which(name):
            return [
                found,
                *(argument.format(start=f"{start:.3f}") for argument in arguments),
                str(recording.absolute()),
            ]
    raise MeetscribeError("no player was found", f"Install one of {', '.join(PLAYERS)}, or open {recording} yourself.")
