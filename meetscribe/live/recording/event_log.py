"""The log of a session's events, one line of JSON each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from meetscribe.errors import InputError, os_reason
from meetscribe.live.events import Event, read_events

EVENTS_FILE = "events.jsonl"


class EventLog:
    """Appends events to the log in a folder; each is passed to the operating system at once. Raises OSError.

    Opening the log removes an incomplete last line, left by a crash.
    """

    def __init__(self, folder: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._handle: int | None = os.open(folder / EVENTS_FILE, flags, 0o600)
        self._size = _complete(self._handle)
        os.ftruncate(self._handle, self._size)

    def append(self, event: Event) -> None:
        """Append an event; if writing fails, remove the part that was written."""
        data = memoryview(f"{event.to_line()}\n".encode())
        if self._handle is None:
            raise ValueError("the log is closed")
        size = len(data)
        try:
            while data:
                data = data[os.write(self._handle, data) :]
        except OSError:
            os.ftruncate(self._handle, self._size)
            raise
        self._size += size

    def sync(self) -> None:
        """Write all events to the disk."""
        if self._handle is not None:
            os.fsync(self._handle)

    def close(self) -> None:
        """Write all events to the disk and close the log; a second call has no effect."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def read_log(folder: Path) -> Iterator[Event]:
    """Yield the events of a session; none without a log.

    Raises InputError if it cannot be read, or if a line other than the last is not an event.
    """
    try:
        with (folder / EVENTS_FILE).open(encoding="utf-8", errors="replace") as lines:
            yield from read_events(lines)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        remedy = "The audio beside it is intact: transcribe the folder."
        raise InputError(f"{folder / EVENTS_FILE} cannot be read: {os_reason(error)}", remedy) from error


def _complete(handle: int) -> int:
    """Return the length of an open file up to its last line feed."""
    end = os.fstat(handle).st_size
    while end:
        start = max(0, end - 65_536)
        os.lseek(handle, start, os.SEEK_SET)
        place = os.read(handle, end - start).rfind(b"\n")
        if place >= 0:
            return start + place + 1
        end = start
    return 0
