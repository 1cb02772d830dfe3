"""The file `session.json` of a session's folder: source, start, channels and state."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from meetscribe.audio import SAMPLE_RATE
from meetscribe.audio.session_folder import SESSION_FILE
from meetscribe.errors import InputError, OutputError, os_reason
from meetscribe.live.recording.state import ACTIVE, STATES, State, next_state
from meetscribe.storage.files import SETTINGS_BYTES, is_held, read_file, replace_file

SCHEMA = "meetscribe-session/1"
MAX_CHANNELS = 8


@dataclass(frozen=True, slots=True)
class SessionFile:
    """The description of a session. `started` is an ISO 8601 time with offset, `source` the name of the source.

    `channel_speakers` has a label for each channel if each belongs to one person, or to people in one place. Raises
    ValueError for an unknown state, an impossible number of channels, or another number of labels than of channels.
    """

    started: str
    source: str
    channels: int = 1
    state: State = "recording"
    language: str | None = None
    title: str | None = None
    rate: int = SAMPLE_RATE
    channel_speakers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "channel_speakers", tuple(self.channel_speakers))
        if self.state not in STATES:
            raise ValueError(f"the state of a session must be one of {', '.join(STATES)}, not {self.state!r}")
        if not 1 <= self.channels <= MAX_CHANNELS:
            raise ValueError(f"a session has 1 to {MAX_CHANNELS} channels, not {self.channels}")
        if self.channel_speakers and len(self.channel_speakers) != self.channels:
            raise ValueError(f"there are {len(self.channel_speakers)} labels for {self.channels} channels")


def write_session_file(folder: Path, session: SessionFile) -> None:
    """Write the description to the folder atomically; raises OutputError if it cannot be written."""
    text = json.dumps({"schema": SCHEMA, **asdict(session)}, ensure_ascii=False, indent=2)
    try:
        replace_file(folder / SESSION_FILE, f"{text}\n".encode())
    except OSError as error:
        raise OutputError(f"{folder} is not writable: {os_reason(error)}", "Choose another folder.") from error


def read_session_file(folder: Path) -> SessionFile:
    """Return the description; a session in an active state without a process becomes `interrupted`.

    Raises InputError if the folder is not that of a session, or the file is damaged.
    """
    try:
        value = json.loads(read_file(folder / SESSION_FILE, SETTINGS_BYTES))
        if not isinstance(value, dict) or value.pop("schema", None) != SCHEMA:
            raise ValueError("it has another schema")
        known = SessionFile.__dataclass_fields__
        session = SessionFile(**{name: member for name, member in value.items() if name in known})
    except FileNotFoundError as error:
        raise InputError(f"{folder} is not the folder of a live session", f"It has no {SESSION_FILE}.") from error
    except (OSError, ValueError, TypeError) as error:
        reason = os_reason(error)
        raise InputError(
            f"{folder / SESSION_FILE} cannot be read: {reason}", "The audio beside it is intact."
        ) from error
    if session.state in ACTIVE and not is_held(folder):
        return replace(session, state=next_state(session.state, "interrupt"))
    return session
