"""A complete live run: models, recording, session, captions, user commands, and finishing."""

from __future__ import annotations

from meetscribe.live.running.lines import Line, LineFeed
from meetscribe.live.running.refinements import Refinements
from meetscribe.live.running.run import LiveModels, LiveRun, RunOptions, load_models, session_folder
from meetscribe.live.running.user_commands import USER_COMMANDS, execute

__all__ = [
    "USER_COMMANDS",
    "Line",
    "LineFeed",
    "LiveModels",
    "LiveRun",
    "Refinements",
    "RunOptions",
    "execute",
    "load_models",
    "session_folder",
]
