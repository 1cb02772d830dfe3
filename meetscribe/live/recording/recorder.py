"""The recorder of a session: audio, events and state in one folder; audio is written before it is recognised."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetscribe.audio.session_folder import is_session_folder, read_pieces
from meetscribe.errors import OutputError, SettingsError, os_reason
from meetscribe.live.events import Event
from meetscribe.live.recording.event_log import EventLog, read_log
from meetscribe.live.recording.pieces import PieceWriter, samples_between
from meetscribe.live.recording.session_file import SessionFile, read_session_file, write_session_file
from meetscribe.live.recording.state import Action, State, next_state
from meetscribe.live.transcript import LiveTranscript
from meetscribe.storage.files import hold_folder
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.live.protocols import AudioChunk

RETRY: Seconds = 5.0
"""Seconds of audio after which saving is retried, for instance after the disk was full."""


class FolderRecorder:
    """Records a session in a folder: pieces of audio in `audio/`, `events.jsonl` and `session.json`.

    `start` begins a session, `resume` continues one. `next_frame` is the first frame to write, `transcript` the
    transcript after the events that were logged before the folder was opened.
    """

    def __init__(self, folder: Path, session: SessionFile, lock: int) -> None:
        self.folder = folder
        self.session = session
        self._lock: int | None = lock
        pieces = read_pieces(folder) if (folder / "audio").is_dir() else ()
        self._saved = sum(piece.frames for piece in pieces)  # frames
        self.transcript = LiveTranscript().apply_all(read_log(folder))
        received = round(self.transcript.time * session.rate)
        self.next_frame = max([received, *(piece.end for piece in pieces)])
        self._unsaved_from: int | None = None  # a frame
        self._retry_at = 0  # a frame
        self._logged = True  # whether the last event was written
        self._pieces = PieceWriter(folder, session.rate, session.channels)
        self._log = EventLog(folder)

    @classmethod
    def start(cls, folder: Path, channels: int, source: str, **about: Any) -> FolderRecorder:
        """Start a session in a new or empty folder; `about` has further members of SessionFile.

        Raises OutputError if the folder is not empty or not writable, and SettingsError if the number of labels differs
        from that of the channels.
        """
        labels = about.get("channel_speakers", ())
        if labels and len(labels) != channels:
            problem = f"there are {len(labels)} labels ({', '.join(labels)}) for {channels} channels of {source}"
            raise SettingsError(problem, "Give one label for each channel.")
        started = datetime.now(timezone.utc).astimezone().isoformat(timespec="seconds")
        with _output_errors(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(folder.iterdir()):
                remedy = "Continue it with --resume." if is_session_folder(folder) else "Choose another one."
                raise OutputError(f"the folder {folder} is not empty", remedy)
            session = SessionFile(started, source, channels, **about)
            lock = _lock_folder(folder)
            write_session_file(folder, session)
            return cls(folder, session, lock)

    @classmethod
    def resume(cls, folder: Path) -> FolderRecorder:
        """Resume an interrupted or finished session after its last audio.

        Raises InputError if the folder is not that of a session, OutputError if it is in use or not writable.
        """
        session = read_session_file(folder)
        with _output_errors(folder):
            lock = _lock_folder(folder)
            recorder = cls(folder, session, lock)
        if session.state != "recording":
            recorder.change("resume")
        return recorder

    @property
    def state(self) -> State:
        """The state of the session."""
        return self.session.state

    @property
    def saved(self) -> Seconds:
        """The seconds of audio on disk."""
        return self._saved / self.session.rate

    @property
    def unsaved_from(self) -> Seconds | None:
        """The time from which audio is not saved; None while saving works."""
        return None if self._unsaved_from is None else self._unsaved_from / self.session.rate

    def change(self, action: Action) -> State:
        """Apply an action of the state machine, write the new state and return it.

        A state that cannot be written, for instance on a full disk, is kept in memory. Raises ValueError for an
        impossible action.
        """
        self.session = replace(self.session, state=next_state(self.session.state, action))
        with suppress(OutputError):
            write_session_file(self.folder, self.session)
        return self.session.state

    def write(self, chunk: AudioChunk) -> None:
        """Store a chunk.

        Raises OutputError once, with the time from which nothing is saved. Saving is then retried every five seconds;
        `unsaved_from` is None when it works again.
        """
        self.next_frame = max(self.next_frame, chunk.end)
        if chunk.start < self._retry_at:
            return
        rate = self.session.rate
        try:
            self._pieces.append(chunk.start, chunk.samples)
            if chunk.end // rate > chunk.start // rate:
                self._pieces.sync()
                self._log.sync()
        except OSError as error:
            self._retry_at = chunk.end + round(RETRY * rate)
            if self._unsaved_from is not None:
                return
            self._unsaved_from = chunk.start
            raise _not_saved(chunk.start / rate, error) from error
        self._saved += len(chunk.samples)
        self._unsaved_from = None

    def read(self, start: int, end: int) -> npt.NDArray[np.float32]:
        """Return the stored frames from `start` up to `end`, `(frames, channels)`, zeros where unsaved."""
        return samples_between(read_pieces(self.folder), start, end)

    def log(self, event: Event) -> None:
        """Append an event; raises OutputError if it cannot be written, once until writing works again."""
        try:
            self._log.append(event)
        except OSError as error:
            if self._logged:
                self._logged = False
                raise _not_saved(event.time, error) from error
        else:
            self._logged = True

    def sync(self) -> None:
        """Write all audio and events to the disk; errors are ignored, because `write` and `log` report them."""
        with suppress(OSError):
            self._pieces.sync()
            self._log.sync()

    def close(self) -> None:
        """Close the last piece, the log and the folder; a second call has no effect."""
        for close in (self._pieces.close, self._log.close):
            with suppress(OSError):  # for instance of a full disk, reported before
                close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _not_saved(seconds: Seconds, error: OSError) -> OutputError:
    """Return the error for audio or events that cannot be saved from a time on."""
    text = f"the session is not saved from {seconds:.1f} s on: {os_reason(error)}"
    return OutputError(text, "Free some space: saving is tried again. Transcription goes on.")


def _lock_folder(folder: Path) -> int:
    """Lock the folder, and return the file descriptor of the lock; raises OutputError if another process holds it."""
    handle = hold_folder(folder)
    if handle is None:
        raise OutputError(f"another process is using {folder}", "Stop it, or choose another folder.")
    return handle


@contextmanager
def _output_errors(folder: Path) -> Iterator[None]:
    """Turn an OSError into an OutputError with a remedy."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{folder} is not writable: {os_reason(error)}", "Choose another folder.") from error
