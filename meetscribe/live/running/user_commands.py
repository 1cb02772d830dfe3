"""The commands that a user types during a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from meetscribe.text.whitespace import one_line
from meetscribe.transcript.display import clock

if TYPE_CHECKING:
    from meetscribe.live.session import Session

USER_COMMANDS = {
    "rename": "rename SPEAKER NAME: give a speaker a name",
    "mark": "mark [TEXT]: mark this moment",
    "pause": "pause: stop listening until resume",
    "resume": "resume: go on after a pause",
    "stop": "stop: end the session",
}
"""The commands with their descriptions; unambiguous abbreviations are allowed."""


def execute(line: str, session: Session, stop: Callable[[], object]) -> str:
    """Execute a command and return the text to display; for an unknown one, the list of commands."""
    name, _, rest = line.strip().partition(" ")
    found = [command for command in USER_COMMANDS if command.startswith(name.casefold())] if name else []
    if name in ("p", "r"):  # during a pause, both resume
        paused = session.transcript.state == "paused"
        found = ["resume" if paused else {"p": "pause", "r": "rename"}[name]]
    if name in ("", "?", "h", "help"):
        return "\n".join(USER_COMMANDS.values())
    if len(found) != 1:
        return f"{name}: {' or '.join(found)}?" if found else f"there is no command {name}: {', '.join(USER_COMMANDS)}"
    if found[0] == "rename":
        return _rename(rest.strip(), session)
    if found[0] == "mark":
        session.mark(rest.strip())
        return f"marked {clock(session.received)}"
    actions: dict[str, Callable[[], object]] = {"pause": session.pause, "resume": session.resume, "stop": stop}
    actions[found[0]]()
    return {"pause": "paused", "resume": "recording", "stop": "stopping"}[found[0]]


def _rename(arguments: str, session: Session) -> str:
    """Rename a speaker, given by label, by the number of the label, or by the current name.

    If several first parts of the arguments are speakers, the longest is meant.
    """
    live = session.transcript
    labels = sorted({word.speaker for word in live.words if word.speaker is not None} | set(live.names))
    words = arguments.split()
    for count in range(len(words) - 1, 0, -1):
        speaker, name = " ".join(words[:count]), " ".join(words[count:])
        fitting = [label for label in labels if _is_meant(speaker, label, live.names.get(label, label))]
        if len(fitting) == 1:
            session.rename(fitting[0], name)
            return f"{fitting[0]} is {name}"
    return f"rename SPEAKER NAME, where SPEAKER is one of: {', '.join(labels) or 'none yet'}"


def _is_meant(text: str, label: str, name: str) -> bool:
    """Return whether a text is a label, its number or its name."""
    number = label.rpartition("_")[2]
    same_number = text.isdecimal() and number.isdecimal() and int(number) == int(text)
    return same_number or text.casefold() in (label.casefold(), one_line(name).casefold())
